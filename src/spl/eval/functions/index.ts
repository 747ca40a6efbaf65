// All eval functions. Adding one is a file in this folder and its line here.

import type { EvalFunction } from '../function.ts'
import { abs } from './abs.ts'
import { acos } from './acos.ts'
import { acosh } from './acosh.ts'
import { asin } from './asin.ts'
import { asinh } from './asinh.ts'
import { atan } from './atan.ts'
import { atan2 } from './atan2.ts'
import { atanh } from './atanh.ts'
import { avg } from './avg.ts'
import { bitAnd } from './bit-and.ts'
import { bitNot } from './bit-not.ts'
import { bitOr } from './bit-or.ts'
import { bitShiftLeft } from './bit-shift-left.ts'
import { bitShiftRight } from './bit-shift-right.ts'
import { bitXor } from './bit-xor.ts'
import { caseFunction } from './case.ts'
import { ceiling } from './ceiling.ts'
import { cidrmatch } from './cidrmatch.ts'
import { coalesce } from './coalesce.ts'
import { commands } from './commands.ts'
import { cos } from './cos.ts'
import { cosh } from './cosh.ts'
import { exact } from './exact.ts'
import { exp } from './exp.ts'
import { falseFunction } from './false.ts'
import { floor } from './floor.ts'
import { hypot } from './hypot.ts'
import { ifFunction } from './if.ts'
import { inFunction } from './in.ts'
import { ipmask } from './ipmask.ts'
import { isarray } from './isarray.ts'
import { isbool } from './isbool.ts'
import { isdouble } from './isdouble.ts'
import { isint } from './isint.ts'
import { ismv } from './ismv.ts'
import { isnotnull } from './isnotnull.ts'
import { isnull } from './isnull.ts'
import { isnum } from './isnum.ts'
import { isobject } from './isobject.ts'
import { isstr } from './isstr.ts'
import { json } from './json.ts'
import { jsonAppend } from './json-append.ts'
import { jsonArray } from './json-array.ts'
import { jsonArrayToMv } from './json-array-to-mv.ts'
import { jsonDelete } from './json-delete.ts'
import { jsonEntries } from './json-entries.ts'
import { jsonExtend } from './json-extend.ts'
import { jsonExtract } from './json-extract.ts'
import { jsonExtractExact } from './json-extract-exact.ts'
import { jsonHasKeyExact } from './json-has-key-exact.ts'
import { jsonKeys } from './json-keys.ts'
import { jsonObject } from './json-object.ts'
import { jsonSet } from './json-set.ts'
import { jsonSetExact } from './json-set-exact.ts'
import { jsonValid } from './json-valid.ts'
import { len } from './len.ts'
import { like } from './like.ts'
import { ln } from './ln.ts'
import { log } from './log.ts'
import { lookup } from './lookup.ts'
import { lower } from './lower.ts'
import { ltrim } from './ltrim.ts'
import { match } from './match.ts'
import { max } from './max.ts'
import { md5 } from './md5.ts'
import { min } from './min.ts'
import { mvToJsonArray } from './mv-to-json-array.ts'
import { mvappend } from './mvappend.ts'
import { mvcount } from './mvcount.ts'
import { mvdedup } from './mvdedup.ts'
import { mvfilter } from './mvfilter.ts'
import { mvfind } from './mvfind.ts'
import { mvindex } from './mvindex.ts'
import { mvjoin } from './mvjoin.ts'
import { mvmap } from './mvmap.ts'
import { mvrange } from './mvrange.ts'
import { mvreverse } from './mvreverse.ts'
import { mvsort } from './mvsort.ts'
import { mvzip } from './mvzip.ts'
import { now } from './now.ts'
import { nullFunction } from './null.ts'
import { nullif } from './nullif.ts'
import { pi } from './pi.ts'
import { pow } from './pow.ts'
import { printf } from './printf.ts'
import { random } from './random.ts'
import { relativeTime } from './relative-time.ts'
import { replace } from './replace.ts'
import { round } from './round.ts'
import { rtrim } from './rtrim.ts'
import { searchmatch } from './searchmatch.ts'
import { sha1 } from './sha1.ts'
import { sha256 } from './sha256.ts'
import { sha512 } from './sha512.ts'
import { sigfig } from './sigfig.ts'
import { sin } from './sin.ts'
import { sinh } from './sinh.ts'
import { spath } from './spath.ts'
import { split } from './split.ts'
import { sqrt } from './sqrt.ts'
import { strftime } from './strftime.ts'
import { strptime } from './strptime.ts'
import { substr } from './substr.ts'
import { sum } from './sum.ts'
import { tan } from './tan.ts'
import { tanh } from './tanh.ts'
import { time } from './time.ts'
import { toarray } from './toarray.ts'
import { tobool } from './tobool.ts'
import { todouble } from './todouble.ts'
import { toint } from './toint.ts'
import { tomv } from './tomv.ts'
import { tonumber } from './tonumber.ts'
import { toobject } from './toobject.ts'
import { tostring } from './tostring.ts'
import { trim } from './trim.ts'
import { trueFunction } from './true.ts'
import { typeofFunction } from './typeof.ts'
import { upper } from './upper.ts'
import { urldecode } from './urldecode.ts'
import { validate } from './validate.ts'

/** Every function, in alphabetical order of the files. */
export const functions: readonly EvalFunction[] = [
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  avg,
  bitAnd,
  bitNot,
  bitOr,
  bitShiftLeft,
  bitShiftRight,
  bitXor,
  caseFunction,
  ceiling,
  cidrmatch,
  coalesce,
  commands,
  cos,
  cosh,
  exact,
  exp,
  falseFunction,
  floor,
  hypot,
  ifFunction,
  inFunction,
  ipmask,
  isarray,
  isbool,
  isdouble,
  isint,
  ismv,
  isnotnull,
  isnull,
  isnum,
  isobject,
  isstr,
  jsonAppend,
  jsonArrayToMv,
  jsonArray,
  jsonDelete,
  jsonEntries,
  jsonExtend,
  jsonExtractExact,
  jsonExtract,
  jsonHasKeyExact,
  jsonKeys,
  jsonObject,
  jsonSetExact,
  jsonSet,
  jsonValid,
  json,
  len,
  like,
  ln,
  log,
  lookup,
  lower,
  ltrim,
  match,
  max,
  md5,
  min,
  mvToJsonArray,
  mvappend,
  mvcount,
  mvdedup,
  mvfilter,
  mvfind,
  mvindex,
  mvjoin,
  mvmap,
  mvrange,
  mvreverse,
  mvsort,
  mvzip,
  now,
  nullFunction,
  nullif,
  pi,
  pow,
  printf,
  random,
  relativeTime,
  replace,
  round,
  rtrim,
  searchmatch,
  sha1,
  sha256,
  sha512,
  sigfig,
  sin,
  sinh,
  spath,
  split,
  sqrt,
  strftime,
  strptime,
  substr,
  sum,
  tan,
  tanh,
  time,
  toarray,
  tobool,
  todouble,
  toint,
  tomv,
  tonumber,
  toobject,
  tostring,
  trim,
  trueFunction,
  typeofFunction,
  upper,
  urldecode,
  validate,
]

const byName: ReadonlyMap<string, EvalFunction> = new Map(
  functions.flatMap((definition) =>
    [definition.name, ...(definition.aliases ?? [])].map((name) => [name, definition] as const),
  ),
)

/** The function of a name or alias, in lower case. */
export const findFunction = (name: string): EvalFunction | undefined => byName.get(name)

/** All names and aliases, for suggestions and completion. */
export const functionNames = (): Iterable<string> => byName.keys()
