// The door of decode: bytes of evidence in, raw events out. For other rooms and for `karst/decode`.

export { csvDecoder } from './csv/file.ts'
export { decoders, detectFormat, type FormatDecision, findDecoder, formatHeadBytes } from './detect-format.ts'
export { evtx as evtxDecoder } from './evtx/file.ts'
export { jsonDecoder } from './json/file.ts'
export type {
  ByteSource,
  Damage,
  DataItem,
  DecodeLimits,
  DecodeOptions,
  Decoder,
  EventContent,
  EventMetadata,
  FieldText,
  RawEvent,
  WindowsRecord,
} from './reader.ts'
export { defaultDecodeLimits } from './reader.ts'
export { textDecoder } from './text/file.ts'
export { wineventlogDecoder } from './text/wineventlog.ts'
export { xmlDecoder } from './xml/file.ts'
