// ipmask()

import { parseIpv4 } from '../../../base/net/cidr.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const ipmask = defineFunction({
  name: 'ipmask',
  category: 'conversion',
  parameters: [
    { name: 'mask', type: 'string' },
    { name: 'ip', type: 'string' },
  ],
  returns: 'string',
  summary: 'An IPv4 address with the bits outside a mask set to zero.',
  examples: [
    { expression: 'ipmask("255.255.255.0", "10.20.30.120")', result: '10.20.30.0' },
    { expression: 'ipmask("0.255.0.224", "10.20.30.120")', result: '0.20.0.96' },
    { expression: 'ipmask("255.0.0.0", "server")', result: null },
  ],
  call: ([mask, ip]) => {
    const bits = parseIpv4(text(mask))
    const address = parseIpv4(text(ip))
    if (bits === undefined || address === undefined) return undefined
    const masked = (bits & address) >>> 0
    return [24, 16, 8, 0].map((shift) => (masked >>> shift) & 255).join('.')
  },
})
