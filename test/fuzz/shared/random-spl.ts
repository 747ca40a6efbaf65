// Random searches that make sense: a grammar with a rule for every command, calls of every eval function and every
// aggregate from their registries, and random events for them. Most of these searches run.

import type { EvalFunction, Parameter } from '../../../src/spl/eval/function.ts'
import { functions } from '../../../src/spl/eval/functions/index.ts'
import { aggregates } from '../../../src/spl/stats/aggregates/index.ts'
import type { Value } from '../../../src/value/value.ts'
import { pick, type RandomNumbers } from '../../support/random-numbers.ts'
import { randomPattern } from './random-pattern.ts'

/**
 * What a rule can become. `{name}` is another rule; `{name?}` that or nothing, `{name*}` up to three, `{name+}` one to
 * three of it with blanks between, `{name,}` with commas. The first of a rule's texts calls no rule that leads back to it.
 */
const grammar: Readonly<Record<string, readonly string[]>> = {
  // ---- words
  field: ['a', 'b', 'n', 'host', 'mv', '_time', '_raw', 'json', 'ip', '"my field"', 'x.y{}', 'c', 'missing', '__proto__', 'constructor', 'txt'],
  column: ['a', 'b', 'n', 'host', 'mv', 'c', '_time'],
  wild: ['a', 'n', 'host', 'mv', '*', 'a*', '*t', '_*', 'x.*', 'c', 'm*v', '"my field"'],
  new: ['z', 'y', 'a', 'n', '_time', '"new field"', 'x.z', '__proto__', 'w'],
  as: ['AS {new}', 'as {new}'],
  bool: ['true', 'false', 't', 'f', '1', '0'],
  int: ['1', '2', '0', '3', '10', '100'],
  span: ['1h', '5m', '1d', '10', '2', '1s', '1mon', '0.5', '1w@w1', '2log10', '15m'],
  time: ['-1d@d', '1699990000', '-7d', '@h', 'now', '+1h', 'rt', '1970-01-01T00:00:00'],
  word: ['x', 'web*', '1', '"x y"', 'a', '10.0.0.*', '*', '"*"', 'é', '"a\\"b"', '-1'],
  text: ['"x"', '""', '","', '"OTHER"', '"é"', '" "', '"__proto__"'],
  pattern: ['"(?<g>\\\\w+)"', '"(?<g>\\\\d+)-?(?<h>.)?"', '"^(?<a>[^=]+)=(?<z>.*)$"', '"(?i)x"', '"(a+)+$"', '"(?<__proto__>.)"', '{random-pattern}'],
  // ---- terms
  compare: ['=', '!=', '<', '>', '<=', '>='],
  term: ['{field}{compare}{word}', '{word}', '{field} IN ({word,})', '({term+})', 'NOT {term}', '({term} OR {term})', '*', 'CASE(X)', 'TERM(web1)', '{field}={word}', 'earliest={time}', 'latest={time}', '[ {subsearch} ]', 'a=[ {returning} ]'],
  terms: ['*', '{term+}', '* {term*}'],
  // ---- aggregates
  by: ['by {column}', 'BY {column,}', 'by {column+}'],
  calls: ['count', '{aggregate}', '{aggregate} {as}', '{aggregate}, {aggregate} {as}', 'count {aggregate} {as} {aggregate}', 'count(eval({condition})) AS {new}', 'sum(eval({number})) AS {new}'],
  binning: ['span={span}', 'bins={int}', 'minspan={span}', 'start={int}', 'end={int}', 'aligntime={time}'],
  series: ['limit={int}', 'useother={bool}', 'usenull={bool}', 'nullstr={text}', 'otherstr={text}', 'cont={bool}', 'sep={text}', 'format={text}', 'agg=max', 'limit=top2', 'limit=bottom1', 'dedup_splitvals={bool}'],
  choice: ['where max in top2', 'WHERE count > 1', 'where sum notin bottom1'],
  // ---- pipelines between brackets
  subsearch: ['search {terms} | head 2', 'search {terms} | {command} | head 3', '| makeresults count=2 | eval a={any}', 'search {terms} | table {column,}', '| inputlookup t.csv'],
  returning: ['search {terms} | return a', 'search {terms} | return $n', 'search * | head 1 | return {int} b', '| makeresults | eval a={any} | return a'],
  events: ['search {terms}', 'search {terms} | eval z={any}', 'search {terms} | where {condition}'],
  // ---- commands
  accum: ['accum {field} {as?}'],
  addcoltotals: ['addcoltotals {total-option*} {wild*}'],
  'total-option': ['labelfield={new}', 'label={text}'],
  addinfo: ['addinfo'],
  addtotals: ['addtotals {addtotals-option*} {wild*}'],
  'addtotals-option': ['row={bool}', 'col={bool}', 'labelfield={new}', 'label={text}', 'fieldname={new}'],
  anomalydetection: ['anomalydetection method=iqr {outlier-option*} {wild*}'],
  append: ['append {limit-option?} [ {subsearch} ]'],
  'limit-option': ['maxout={int}', 'maxtime=60', 'timeout=90'],
  appendcols: ['appendcols {appendcols-option?} [ {subsearch} ]'],
  'appendcols-option': ['override={bool}', 'maxout={int}'],
  appendpipe: ['appendpipe [ {command} ]', 'appendpipe run_in_preview={bool} [ stats {calls} {by?} ]'],
  autoregress: ['autoregress {field} {as?}', 'autoregress {field} p={int}', 'autoregress {field} p=1-3'],
  bin: ['bin {binning*} {field} {as?}', 'bucket {field} {binning?}', 'bin _time span={span}'],
  chart: ['chart {series*} {calls} {by?}', 'chart {calls} over {column} by {column}', 'chart {series*} {calls} by {column} {binning*} {column} {series?}'],
  collect: ['collect index=summary {collect-option*}'],
  'collect-option': ['testmode={bool}', 'addtime={bool}', 'marker={text}'],
  concurrency: ['concurrency duration={field} {concurrency-option*}'],
  'concurrency-option': ['start={field}', 'output={new}'],
  convert: ['convert {conversion+}', 'convert timeformat={time-format} {conversion+}'],
  conversion: ['auto({wild})', 'ctime({wild})', 'dur2sec({wild}) AS {new}', 'memk({wild})', 'mktime({wild})', 'mstime({wild})', 'none({wild})', 'num({wild}) {as}', 'rmcomma({wild})', 'rmunit({wild})'],
  datamodel: ['datamodel M O {datamodel-mode?}', 'datamodel M P search strict_fields={bool}'],
  'datamodel-mode': ['search', 'flat', 'search summariesonly={bool}'],
  dedup: ['dedup {column,}', 'dedup {int} {column,} {dedup-option*}', 'dedup {column} {dedup-option*} sortby {sort-field+}'],
  'dedup-option': ['keepevents={bool}', 'keepempty={bool}', 'consecutive={bool}'],
  delta: ['delta {field} {as?}', 'delta {field} {as} p={int}'],
  eval: ['eval {assignment}', 'eval {assignment}, {assignment}', "eval 'my field'={any}"],
  assignment: ['{new}={any}', 'a={any}', 'n={number}', 'b={string}', 'mv={list}', '{new}=if({condition}, {any}, {any})'],
  eventcount: ['eventcount {eventcount-option*}'],
  'eventcount-option': ['index=*', 'summarize={bool}', 'index=main'],
  eventstats: ['eventstats {calls} {by?}', 'eventstats allnum={bool} {calls} {by?}'],
  extract: ['extract {extract-option*}', 'extract pairdelim=" ," kvdelim="=" {extract-option*}', 'kv pairdelim=";" kvdelim=":"', 'extract stanza {extract-option*}'],
  'extract-option': ['limit={int}', 'maxchars={int}', 'clean_keys={bool}', 'mv_add={bool}', 'auto={bool}'],
  fieldformat: ['fieldformat {new}={any}', 'fieldformat n=tostring(n, "commas")'],
  fields: ['fields {wild,}', 'fields - {wild,}', 'fields + {wild+}'],
  fieldsummary: ['fieldsummary {wild*}', 'fieldsummary maxvals={int} {wild*}'],
  filldown: ['filldown {wild*}'],
  fillnull: ['fillnull {wild*}', 'fillnull value={word} {wild*}'],
  foreach: ['foreach {wild+} [eval <<FIELD>>={each}]', "foreach {wild} [eval new_<<MATCHSTR>>={each}]", 'foreach mode=multivalue mv [eval z={item}]', 'foreach mode=json_array json [eval z={item}]', 'foreach mode=auto_collections [eval z={item}]', 'foreach {wild} [ eval z={each} | where {condition} ]'],
  each: ["'<<FIELD>>'", "coalesce('<<FIELD>>', 0)", '"<<FIELD>>"', "if(isnum('<<FIELD>>'), '<<FIELD>>' + 1, null())", "lower('<<FIELD>>')"],
  item: ['<<ITEM>>', 'coalesce(z, 0) . <<ITEM>>', '<<ITER>> + 1', 'mvappend(z, <<ITEM>>)'],
  format: ['format', 'format {format-option*} "(" "(" "AND" ")" "OR" ")"', 'format {format-option*}'],
  'format-option': ['mvsep={text}', 'maxresults={int}', 'emptystr={text}'],
  from: ['from datamodel:M.O', 'from lookup:t.csv', 'from savedsearch:saved', 'from datamodel "M.P"'],
  fromjson: ['fromjson {field}', 'fromjson json prefix={new}'],
  gentimes: ['gentimes start=-{int}', 'gentimes start=11/14/2023 end=11/16/2023 increment=4h', 'gentimes start=-2 increment=6h'],
  head: ['head', 'head {int}', 'head limit={int}', 'head ({condition})', 'head {condition} null={bool} keeplast={bool}'],
  inputlookup: ['inputlookup t.csv', 'inputlookup {inputlookup-option*} t.csv', 'inputlookup t.csv where {term}', 'inputlookup append=t t.csv', 'inputlookup missing.csv'],
  'inputlookup-option': ['start={int}', 'max={int}', 'strict={bool}'],
  iplocation: ['iplocation ip', 'iplocation allfields={bool} {field}', 'iplocation prefix={new} ip lang=de'],
  join: ['join {join-option*} {column,} [ {subsearch} ]', 'join [ {subsearch} ]', 'join {join-option*} left=l right=r where l.a=r.a [ {subsearch} ]'],
  'join-option': ['type=left', 'type=outer', 'type=inner', 'max={int}', 'overwrite={bool}', 'usetime={bool}', 'earlier={bool}'],
  kvform: ['kvform form=form', 'kvform field={field}', 'kvform'],
  lookup: ['lookup t.csv a', 'lookup t.csv a OUTPUT t {as?}', 'lookup t.csv a AS {field} OUTPUTNEW t AS {new}', 'lookup local={bool} t.csv a AS n, n OUTPUT t', 'lookup missing.csv a'],
  makecontinuous: ['makecontinuous {binning*}', 'makecontinuous {field} {binning*}', 'makecontinuous n span=2'],
  makemv: ['makemv {field}', 'makemv delim={text} {makemv-option*} {field}', 'makemv tokenizer="(\\\\w)" {field}'],
  'makemv-option': ['allowempty={bool}', 'setsv={bool}'],
  makeresults: ['makeresults', 'makeresults {int}', 'makeresults count={int} annotate={bool}', 'makeresults format=csv data="a,n\\n1,2\\n\\"x\\",3"', 'makeresults format=json data="[{\\"a\\":1},{\\"n\\":[1,2]}]"'],
  map: ['map search="search a=$a$ | head 2" maxsearches={int}', 'map search="search n=\\"$n$\\" | eval z=\\"$host$\\""', 'map [ search {terms} | head 1 ] maxsearches=2', 'map [ | makeresults | eval z="$a$" ]'],
  metadata: ['metadata type=hosts', 'metadata type=sources index=*', 'metadata type=sourcetypes'],
  mstats: ['mstats avg(_value) WHERE metric_name=m', 'mstats max(m) AS z WHERE index=* BY host span={span}', 'mstats count(_value) where metric_name=* by metric_name'],
  multikv: ['multikv', 'multikv {multikv-option*}', 'multikv fields a b filter x'],
  'multikv-option': ['noheader={bool}', 'forceheader={int}', 'multitable={bool}', 'rmorig={bool}', 'copyattrs={bool}'],
  multisearch: ['multisearch [ {events} ] [ {events} ]', 'multisearch [ {events} ] [ {events} ] [ {events} ]'],
  mvcombine: ['mvcombine {column}', 'mvcombine delim={text} {column}'],
  mvexpand: ['mvexpand mv', 'mvexpand {column} limit={int}'],
  nomv: ['nomv {column}'],
  outlier: ['outlier {outlier-option*} {wild*}'],
  'outlier-option': ['action=remove', 'action=transform', 'mark={bool}', 'param={number-literal}', 'uselower={bool}'],
  outputlookup: ['outputlookup out.csv', 'outputlookup append={bool} max={int} t.csv'],
  rangemap: ['rangemap field=n low=0-2 high=3-1000', 'rangemap field={field} a=-5-5 default={word}'],
  rare: ['rare {column,} {by?}', 'rare limit={int} {top-option*} {column}'],
  regex: ['regex {field}={pattern}', 'regex {field}!={pattern}', 'regex {pattern}'],
  rename: ['rename {field} AS {new}', 'rename {wild} AS {wild}', 'rename a AS b, b AS a', 'rename a* AS z*'],
  replace: ['replace {word} WITH {word}', 'replace {word} WITH {word}, *x* WITH {word} IN {column,}', 'replace *x* WITH y*z IN a'],
  return: ['return a', 'return {int} a b', 'return $n', 'return {int} z=a $b'],
  reverse: ['reverse'],
  rex: ['rex {pattern}', 'rex field={field} {pattern} max_match={int}', 'rex field={field} {pattern} offset_field={new}', 'rex field={field} mode=sed "s/(.)x/\\\\1y/g"', 'rex mode=sed "y/abc/xyz/" field=a'],
  savedsearch: ['savedsearch saved', 'savedsearch saved tok={word}', 'savedsearch saved nosubstitution={bool}'],
  search: ['search {terms}'],
  selfjoin: ['selfjoin {column,}', 'selfjoin overwrite={bool} max={int} keepsingle={bool} {column,}'],
  set: ['set union [ {subsearch} ] [ {subsearch} ]', 'set diff [ {subsearch} ] [ {subsearch} ]', 'set intersect [ {subsearch} ] [ {subsearch} ]'],
  sort: ['sort {sort-field,}', 'sort {int} {sort-field,}', 'sort limit={int} {sort-field} d', 'sort - n, + a'],
  'sort-field': ['{column}', '-{column}', '- {column}', '+{column}', '-num(n)', 'str({column})', 'ip(ip)', 'auto({column})'],
  spath: ['spath', 'spath input={field} path=k{}.z output={new}', 'spath input=json', 'spath json.k', 'spath input=json output={new} k{0}', 'spath output=z path=x.y'],
  stats: ['stats {calls} {by?}', 'stats allnum={bool} {calls} {by?}', 'stats {calls} by {column} dedup_splitvals={bool}'],
  strcat: ['strcat {column} {text} {column} {new}', 'strcat allrequired={bool} a b {new}'],
  streamstats: ['streamstats {calls} {by?}', 'streamstats {streamstats-option*} {calls} {by?}', 'streamstats window={int} {streamstats-option*} {calls} {by?}'],
  'streamstats-option': ['current={bool}', 'global={bool}', 'reset_on_change={bool}', 'time_window={span}', 'reset_before=({condition})', 'reset_after=({condition})', 'allnum={bool}'],
  table: ['table {wild,}', 'table {wild+}'],
  tail: ['tail', 'tail {int}'],
  timechart: ['timechart {calls}', 'timechart span={span} {calls} by {column} {choice?}', 'timechart {binning?} {series*} {timed-call} {by?}'],
  'timed-call': ['per_second(n)', 'per_minute({column})', 'per_hour(n) {as}', 'per_day(n)'],
  tojson: ['tojson', 'tojson {tojson-part*} {tojson-option*}'],
  'tojson-part': ['auto({wild})', 'bool({wild})', 'json({wild})', 'none({wild})', 'num({wild})', 'str({wild})'],
  'tojson-option': ['default_type=num', 'fill_null={bool}', 'include_internal={bool}', 'output_field={new}'],
  top: ['top {column,} {by?}', 'top {int} {column}', 'top limit={int} {top-option*} {column}'],
  'top-option': ['countfield={new}', 'percentfield={new}', 'showcount={bool}', 'showperc={bool}', 'useother={bool}', 'otherstr={text}'],
  transaction: ['transaction {column,}', 'transaction {column} {transaction-option*}', 'transaction {transaction-option*}', 'transaction startswith=({term}) endswith="x" {transaction-option*}'],
  'transaction-option': ['maxspan={span}', 'maxpause={span}', 'maxevents={int}', 'connected={bool}', 'unifyends={bool}', 'keepevicted={bool}', 'keeporphans={bool}', 'mvlist={bool}', 'mvlist=a,b', 'mvraw={bool}', 'nullstr={text}', 'startswith=eval({condition})', 'endswith=eval({condition})', 'maxopentxn={int}', 'maxopenevents={int}'],
  transpose: ['transpose', 'transpose {int} column_name={new}', 'transpose header_field={column} include_empty={bool}'],
  trendline: ['trendline sma2(n)', 'trendline ema3(n) {as} wma2({column})', 'trendline sma5({field}) {as}'],
  tstats: ['tstats count', 'tstats {aggregate-call} where {term} by host', 'tstats count from datamodel=M.O where O.a={word} by O.a, _time span={span}', 'tstats prestats=t count where * by host', 'tstats values(M.O.a) as {new} max(_time) from datamodel=M by O.b', 'tstats fillnull_value={text} count where * by a n'],
  'aggregate-call': ['count', '{aggregate}'],
  union: ['union [ {subsearch} ]', 'union [ {subsearch} ] [ {subsearch} ]', 'union maxout={int} [ {subsearch} ] lookup:t.csv datamodel:M.O'],
  uniq: ['uniq'],
  untable: ['untable {column} {new} {new}'],
  where: ['where {condition}'],
  xmlkv: ['xmlkv', 'xmlkv {field}'],
  xpath: ['xpath "//x"', 'xpath outfield={new} "//a/@b" field={field} default={text}', 'xpath field=txt "/x/y[1]"'],
  xyseries: ['xyseries {column} {column} {column}', 'xyseries grouped={bool} {column} {column} {column,} sep={text}'],
  // ---- expressions, whose calls come from their registry: {number-call}, {string-call}, {list-call}, {condition-call}
  'number-literal': ['1', '0', '-1', '2.50', '1e3', '0.1', '100', '1700000000', '9007199254740993', '1e308'],
  number: ['n', '{number-literal}', 'a', '_time', '{number-call}', '({number} + {number})', '{number} * {number}', '{number} - {number}', '{number} / {number}', '{number} % {number}', '-{number}', '{number-call}', 'if({condition}, {number}, {number})'],
  'string-literal': ['"x"', '""', '"a b"', '"é\\"\\\\"', '"10.0.0.1"', '"1"', '"%Y-%m-%d"', '"a,b;c"', '"{\\"k\\": [1, {\\"z\\": null}]}"', '"<x><y b=\'1\'>2</y></x>"', '"web*"', '"😀"', '"true"'],
  string: ['b', '{string-literal}', 'host', 'txt', "'my field'", '{string-call}', '{string} . {string}', '{string} . {number}', '{string-call}', 'case({condition}, {string}, {condition}, {string})'],
  list: ['mv', '{list-call}', 'split({string}, ",")', 'mvappend({any}, {any})', '{list-call}'],
  json: ['json', '"{\\"k\\": [1, {\\"z\\": null}], \\"__proto__\\": 1}"', '"[1, \\"x\\", [true]]"', '{json-call}', '{any}', '_raw'],
  condition: ['n > 1', 'isnotnull(a)', '{condition-call}', '{number} {compare} {number}', '{string} = {string}', '{string} != {string}', '{condition} AND {condition}', '({condition} OR {condition})', 'NOT {condition}', '{condition} XOR {condition}', '{any} IN ({literal}, {literal})', '{string} LIKE "%x_"', '{condition-call}', '{any} == {any}'],
  literal: ['1', '"x"', '"web1"', '-1'],
  any: ['{number}', '{string}', '{list}', '{json}', '{any-call}', 'null()', '{field-reference}'],
  'field-reference': ['a', 'n', 'mv', "'x.y{}'", "'my field'", "'two  blanks'", '__proto__', 'missing', "'__proto__'"],
  'time-format': ['"%Y-%m-%d %H:%M:%S"'],
} // biome-ignore format: a grammar reads as a table

/** The names of all rules: every command has one. */
export const grammarRules: ReadonlySet<string> = new Set(Object.keys(grammar))

/** Arguments by the name of the parameter, where its type does not say enough. */
const argumentsByName: Readonly<Record<string, readonly string[]>> = {
  format: ['"%Y-%m-%d %H:%M:%S"', '"%s"', '"hex"', '"commas"', '"duration"', '"%5.2f|%-3d|%x"', '"%"', '"%H:%M:%S.%3N %z"', '"%F %T"'],
  specifier: ['"-1d@d"', '"@w1"', '"+3mon"', '"-7d@h+2h"', '"x"'],
  cidr: ['"10.0.0.0/8"', '"::/0"', '"1.2.3"'], mask: ['"255.255.0.0"', '"0.0.0.24"'], ip: ['ip', '"10.1.2.3"', '"::1"', 'a'],
  path: ['"k"', '"k{}"', '"k{0}.z"', '"x.y"', '"{}"', '"__proto__"', '""', '"k{1}.z"'], key: ['"k"', '"__proto__"', '"a.b"'],
  keys: ['"k"', '"k{0}"'], delim: ['","', '""', '" "', '"é"'], trim_chars: ['"x"', '" \\t"', '"é"', '""'], base: ['10', '16', '2', '37'],
  lookup_table: ['"t.csv"', '"missing.csv"'], search_str: ['"a=1"', '"x*"', '"NOT b=x"', '"(("'], regex: ['"\\\\w+"', '"(x)(y)?"', '"^$"', '"(a*)*b"'],
  replacement: ['"\\\\1-\\\\0"', '""', '"$1"', '"\\\\2"'], precision: ['0', '2', '-1', '30'], json_array: ['"[\\"t\\"]"', 'json'],
  json_object: ['"{\\"a\\": \\"1\\"}"', 'json_object("a", a)'], url: ['"%41%zz%e2%82"', 'b'], pattern: ['"%x_"', '"a%"', '"\\\\%"'],
  start: ['0', '1', '-1', '-2', 'n'], end: ['1', '3', '-1', '20'], step: ['1', '-1', '0.5', '"1h"', '7'], bitmask: ['255', '0'], shift_offset: ['1', '53', '70'],
  infer_types: ['true()', 'false()'], keep_quotes: ['true()', 'false()'],
} // biome-ignore format: a table

const argumentRules: Readonly<Record<string, string>> = {
  number: 'number', string: 'string', Boolean: 'condition', multivalue: 'list', JSON: 'json', regex: 'pattern', any: 'any',
} // biome-ignore format: a table

/** Gives these results only by chance or by the clock, so that nothing can be compared. */
export const isUnsteady = (search: string): boolean => /\b(?:random|time)\s*\(/.test(search)

/** Writes random searches. */
export class SearchWriter {
  readonly #random: RandomNumbers
  readonly #commandNames: readonly string[]
  readonly #generators: readonly string[]
  /** Rules within rules; beyond the limit the first text of a rule is taken. */
  #depth = 0
  #written = 0

  /** @param commandNames of the registry; those that begin a search apart */
  constructor(random: RandomNumbers, commandNames: readonly string[], generators: readonly string[]) {
    this.#random = random
    this.#commandNames = commandNames
    this.#generators = generators
  }

  /** A search of a few commands. */
  search(): string {
    const random = this.#random
    const first = random(5) === 0 ? `| ${this.write(pick(random, this.#generators))}` : this.write('terms')
    const rest = Array.from({ length: 1 + random(4) }, () => this.write('command'))
    return [first, ...rest].join(' | ')
  }

  write(rule: string): string {
    const random = this.#random
    const leads = this.#leadOf(rule)
    if (leads !== undefined) return leads
    const texts = grammar[rule]
    if (texts === undefined) throw new Error(`The grammar has no rule ${rule}`)
    this.#written++
    const isDeep = this.#depth > 6 || this.#written > 400
    const text = isDeep ? texts[0]! : random(4) === 0 ? texts[0]! : pick(random, texts)
    this.#depth++
    const written = text.replace(/\{([a-z][a-z_-]*)([?*+,]?)\}/g, (_, name: string, count: string) =>
      this.#several(name, count),
    )
    this.#depth--
    return written
  }

  #several(rule: string, count: string): string {
    const random = this.#random
    const many = { '': 1, '?': random(2), '*': random(4), '+': 1 + random(3), ',': 1 + random(3) }[count]!
    return Array.from({ length: many }, () => this.write(rule)).join(count === ',' ? ', ' : ' ')
  }

  /** The text of a rule that comes from a registry. */
  #leadOf(rule: string): string | undefined {
    switch (rule) {
      case 'command':
        return this.write(pick(this.#random, this.#commandNames))
      case 'aggregate':
        return this.#aggregate()
      case 'random-pattern':
        return `"${randomPattern(this.#random, 2).replace(/[\\"]/g, '\\$&')}"`
      case 'number-call':
        return this.#call('number')
      case 'string-call':
        return this.#call('string')
      case 'list-call':
        return this.#call('multivalue')
      case 'condition-call':
        return this.#call('Boolean')
      case 'any-call':
      case 'json-call':
        return this.#call('any')
      default:
        return undefined
    }
  }

  #aggregate(): string {
    const random = this.#random
    const usable = aggregates.filter(({ onlyIn }) => onlyIn === undefined)
    const { name, aliases = [], takesNumber, fieldOptional } = pick(random, usable)
    const called =
      pick(random, [name, name, ...aliases]) + (takesNumber ? pick(random, ['50', '95', '0', '99.9']) : '')
    if (fieldOptional && random(2) === 0) return called
    return `${called}(${random(5) === 0 ? `eval(${this.write('number')})` : this.write('column')})`
  }

  #call(returns: string): string {
    const isDeep = this.#depth > 6 || this.#written > 400
    const fitting = functions.filter(
      (candidate) => candidate.returns === returns && (!isDeep || candidate.parameters.length < 2),
    )
    this.#depth++
    const chosen: EvalFunction = pick(this.#random, fitting.length > 0 ? fitting : functions)
    const args = chosen.parameters.flatMap((parameter) => this.#arguments(parameter))
    this.#depth--
    return `${pick(this.#random, [chosen.name, ...(chosen.aliases ?? [])])}(${args.join(', ')})`
  }

  #arguments(parameter: Parameter): string[] {
    const random = this.#random
    if (parameter.optional && random(2) === 0) return []
    const times = parameter.repeated ? 1 + random(3) : 1
    // A parameter such as `path, value` is a pair.
    const names = parameter.name.split(', ')
    return Array.from({ length: times }, () => names)
      .flat()
      .map((name, index) => {
        const known = argumentsByName[name]
        if (known !== undefined && random(4) !== 0) return pick(random, known)
        if (name === 'condition') return this.write('condition')
        if (names.length > 1 && index % names.length === 0) return this.write('string')
        return this.write(argumentRules[parameter.type] ?? 'any')
      })
  }
}

// ---- events

const numbers = ['1', '2', '3', '-0', '2.50', '10', '1e3', '007', '9007199254740993', '1e308', 'x', '']
const words = [
  'x',
  'y',
  'X',
  'x y',
  'é',
  '😀',
  '"',
  '\\',
  '%',
  '10.0.0.1',
  'web1',
  '',
  '\u0000',
  '\ud800',
  'a|b',
  '$a$',
  '[x',
  '`m`',
]
const raws = [
  'a=1 b=x "quoted text" n=2, k:v; 10.0.0.1 - web1',
  '{"k":[1,{"z":"y"}],"x":{"y":2},"__proto__":{"q":1}}',
  '<x a="1"><y b=\'2\'>text &amp; more</y><y/></x>',
  '  PID  NAME  CPU\n  1  init  0.1\n  2  kthread  2.5\n',
  'Nov 14 22:13:20 web1 sshd[811]: Failed password for x from 10.0.0.1 port 42',
  '', 'x', '\u0000\ud800\u202e', '{"k":', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
] // biome-ignore format: texts

export type RandomEvent = ReadonlyMap<string, Value>

/** Events as a source gives them: text and multivalues, newest first as a rule. */
export function randomEvents(random: RandomNumbers): RandomEvent[] {
  const list = (texts: readonly string[]): Value =>
    Array.from({ length: 2 + random(3) }, () => pick(random, texts))
  let time = 1_700_000_000
  return Array.from({ length: random(random(4) === 0 ? 40 : 9) }, () => {
    const event = new Map<string, Value>()
    const put = (name: string, make: () => Value): void => {
      if (random(5) > 0) event.set(name, make())
    }
    time -= random(3) === 0 ? 0 : random(5000) / (random(2) === 0 ? 1 : 7)
    put('_time', () => (random(12) === 0 ? pick(random, ['never', '', '-1']) : String(time)))
    put('_raw', () => pick(random, raws))
    put('host', () => pick(random, ['web1', 'web2', 'db', 'Web1']))
    put('a', () => (random(6) === 0 ? list(words) : pick(random, random(2) === 0 ? words : numbers)))
    put('b', () => pick(random, words))
    put('c', () => pick(random, ['x', 'y']))
    put('n', () => pick(random, numbers))
    put('mv', () => (random(3) === 0 ? pick(random, words) : list(random(2) === 0 ? words : numbers)))
    put('ip', () => pick(random, ['10.0.0.1', '10.1.2.3', '::1', '203.0.113.7', 'x']))
    put('txt', () => pick(random, raws))
    put('json', () =>
      pick(random, ['{"k":[1,{"z":null}],"a":{"b":2}}', '[1,"x",[true]]', '{', '"s"', '{"__proto__":1}']),
    )
    if (random(3) === 0) event.set('my field', pick(random, words))
    if (random(4) === 0) event.set('x.y{}', list(numbers))
    if (random(8) === 0) event.set('__proto__', pick(random, words))
    if (random(8) === 0) event.set('constructor', pick(random, words))
    if (random(6) === 0) event.set('index', pick(random, ['main', 'summary']))
    if (random(6) === 0) event.set('metric_name', 'm').set('_value', pick(random, numbers))
    if (random(6) === 0) event.set('source', 's').set('sourcetype', 'st')
    return event
  })
}
