// Search macros from macros.conf. Expanding them is the language's work.

import type { MacroDefinition, Macros } from '../spl/host.ts'
import { aboutSetting, type Conf, confBoolean, type Report } from './conf-file.ts'

/** Reads the macros of macros.conf. A macro whose number of arguments disagrees with its name is reported and left out. */
export function readMacros(conf: Conf, report: Report): MacroDefinition[] {
  const macros: MacroDefinition[] = []
  for (const { name, settings } of conf.values()) {
    const definition = settings.get('definition')
    if (definition === undefined) continue
    const argsSetting = settings.get('args')
    const args = (argsSetting?.value ?? '')
      .split(',')
      .map((arg) => arg.trim().replace(/^"(.*)"$/, '$1'))
      .filter((arg) => arg !== '')
    const stated = Number(/\((\d+)\)$/.exec(name)?.[1] ?? 0)
    if (stated !== args.length) {
      report(
        aboutSetting(
          'bad-macro',
          `The macro "${name}" says it takes ${stated} arguments, its args name ${args.length}; it was left out.`,
          argsSetting ?? definition,
        ),
      )
      continue
    }
    const validation = settings.get('validation')?.value
    const errorMessage = settings.get('errormsg')?.value
    macros.push({
      name,
      args,
      definition: definition.value,
      isEval: confBoolean(settings.get('iseval')?.value) ?? false,
      ...(validation ? { validation } : {}),
      ...(errorMessage ? { errorMessage } : {}),
      origin: definition.source.name,
    })
  }
  return macros
}

/** Puts macros together; of the same name the last one counts. */
export function collectMacros(definitions: Iterable<MacroDefinition>): Macros {
  const byName = new Map<string, MacroDefinition>()
  for (const macro of definitions) byName.set(macro.name, macro)
  return { get: (name) => byName.get(name), names: () => byName.keys() }
}
