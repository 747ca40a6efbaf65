// cidrmatch()

import { type CidrTest, parseCidr } from '../../../base/net/cidr.ts'
import { searchError } from '../../../diagnostics/diagnostic.ts'
import { anyText, text } from '../arguments.ts'
import { bounded } from '../bounded-cache.ts'
import { defineFunction } from '../function.ts'

const nothing: CidrTest = { matches: () => false }
const networksFromData = bounded((network) => parseCidr(network) ?? nothing)

export const cidrmatch = defineFunction({
  name: 'cidrmatch',
  category: 'comparison',
  parameters: [
    { name: 'cidr', type: 'string' },
    { name: 'ip', type: 'string' },
  ],
  returns: 'Boolean',
  summary: 'TRUE when an IP address, version 4 or 6, belongs to a network in CIDR notation.',
  examples: [
    {
      expression: 'if(cidrmatch("10.0.0.0/8", ip), "local", "other")',
      fields: { ip: '10.255.1.2' },
      result: 'local',
    },
    { expression: 'if(cidrmatch("10.0.0.0/8", "server"), "local", "other")', result: 'other' },
  ],
  call: ([network, address]) => anyText(address, networksFromData(text(network)).matches),
  prepare: ([network]) => {
    if (network === undefined || network.value === undefined) return undefined
    const test = parseCidr(text(network.value))
    if (test === undefined) {
      throw searchError(
        'bad-argument',
        `"${text(network.value)}" is not a network in CIDR notation.`,
        'The network comes first: cidrmatch("10.0.0.0/8", ip).',
      )
    }
    return ([, address]) => anyText(address, test.matches)
  },
})
