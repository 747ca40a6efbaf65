// The folder rules of docs/architecture.md: imports point from the rooms to the plain things, never in a circle.
// `npm run lint` runs them; test/folder-rules.test.ts proves that a planted violation fails.

/** What each room may import, itself aside. */
const rooms = {
  base: [],
  value: ['base'],
  diagnostics: ['base'],
  decode: ['base', 'value', 'diagnostics'],
  spl: ['base', 'value', 'diagnostics'],
  knowledge: ['base', 'value', 'diagnostics', 'decode/reader', 'spl'],
  source: ['base', 'value', 'diagnostics', 'decode', 'spl', 'knowledge'],
  content: ['base', 'diagnostics', 'spl/syntax'],
  detect: ['base', 'value', 'diagnostics', 'content', 'spl', 'knowledge'],
  risk: ['base', 'value', 'diagnostics', 'knowledge', 'content', 'detect/finding'],
  output: ['base', 'value', 'diagnostics', 'content', 'detect/finding', 'risk'],
  // The limits that can be set are defined where they hold.
  config: ['base', 'diagnostics', 'decode/reader', 'source/archives', 'spl/run/context'],
  engine: [
    'base',
    'value',
    'diagnostics',
    'decode',
    'spl',
    'knowledge',
    'source',
    'content',
    'detect',
    'risk',
    'config',
  ],
  cli: ['base', 'value', 'diagnostics', 'spl', 'detect/finding', 'risk', 'output', 'config', 'engine'],
}

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room}-imports`,
  comment: `src/${room} may import: ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^src/', pathNot: [room, ...allowed].map((folder) => `^src/${folder}([/.]|$)`) },
}))

/** Inside spl: syntax, then macros, check, plan, run; eval, stats and commands beside them. */
const splRules = [
  {
    name: 'spl-syntax-is-plain',
    comment: 'syntax knows nothing of macros, plans or running; content reads it without the rest',
    severity: 'error',
    from: { path: '^src/spl/syntax/', pathNot: '\\.test\\.ts$' },
    to: { path: '^src/spl/(?!syntax/)' },
  },
  {
    name: 'commands-do-not-import-each-other',
    comment: 'what two commands share goes to spl/commands/shared/',
    severity: 'error',
    from: { path: '^src/spl/commands/(?!shared/|index|command|arguments)[^/]+$', pathNot: '\\.test\\.ts$' },
    to: { path: '^src/spl/commands/(?!shared/|command|arguments)' },
  },
]

module.exports = {
  forbidden: [
    ...roomRules,
    ...splRules,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-node-in-plain-rooms',
      comment: 'base, value, diagnostics and spl also run in a browser',
      severity: 'error',
      from: { path: '^src/(base|value|diagnostics|spl)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$' },
      to: { path: '\\.test\\.ts$' },
    },
    {
      name: 'only-declared-dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
