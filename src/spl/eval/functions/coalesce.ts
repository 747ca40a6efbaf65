// coalesce()

import { defineFunction } from '../function.ts'

export const coalesce = defineFunction({
  name: 'coalesce',
  category: 'comparison',
  parameters: [{ name: 'value', type: 'any', repeated: true }],
  returns: 'any',
  summary: 'The first value that is not null. An empty text is a value.',
  examples: [
    { expression: 'coalesce(clientip, ipaddress)', fields: { ipaddress: '10.0.0.1' }, result: '10.0.0.1' },
    { expression: 'len(coalesce("", "x"))', result: '0' },
  ],
  acceptsNull: true,
  call: (args) => args.find((value) => value !== undefined),
})
