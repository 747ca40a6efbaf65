// IP addresses and networks as Splunk compares them: cidrmatch(), `field="10.0.0.0/8"` in search, sort by address.
// Names and ports are not resolved or stripped here.

/** A network that can be asked about many addresses. */
export interface CidrTest {
  /** True if the text is an address inside the network; false for anything that is not an address. */
  readonly matches: (address: string) => boolean
}

/**
 * Reads a network such as `10.0.0.0/8` or `2001:db8::/32`; a single address is the network of that address alone.
 *
 * Bits beyond the prefix are ignored (`10.1.2.3/8` is `10.0.0.0/8`). A v4 address and its v4-mapped form
 * (`::ffff:10.0.0.1`) are the same address. Undefined for anything else: zone indexes, masks in dots, leading zeros.
 */
export function parseCidr(text: string): CidrTest | undefined {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const v4 = parseIpv4(address)
  const v6 = v4 === undefined ? parseIpv6(address) : undefined
  if (v4 === undefined && v6 === undefined) return undefined
  const width = v4 === undefined ? 128 : 32
  const prefix = slash < 0 ? width : parsePrefix(text.slice(slash + 1), width)
  if (prefix === undefined) return undefined

  if (v4 !== undefined) return v4Network(v4, prefix)
  const mapped = mappedIpv4(v6!)
  return mapped !== undefined && prefix >= 96 ? v4Network(mapped, prefix - 96) : v6Network(v6!, prefix)
}

/**
 * Reads a dotted IPv4 address as an unsigned 32-bit number; four decimal parts of 0 to 255 without leading zeros
 * (which some programs read as octal), no blanks.
 */
export function parseIpv4(text: string): number | undefined {
  const length = text.length
  if (length < 7 || length > 15) return undefined
  let address = 0
  let part = 0
  let digits = 0
  let dots = 0
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code >= 0x30 && code <= 0x39) {
      if (digits > 0 && part === 0) return undefined
      part = part * 10 + code - 0x30
      digits++
      if (part > 255) return undefined
    } else if (code === 0x2e && digits > 0 && dots < 3) {
      address = address * 256 + part
      part = 0
      digits = 0
      dots++
    } else {
      return undefined
    }
  }
  return dots === 3 && digits > 0 ? address * 256 + part : undefined
}

/** Says whether a text is an IPv4 or IPv6 address, without prefix length or zone. */
export function isIpAddress(text: string): boolean {
  return parseIpv4(text) !== undefined || parseIpv6(text) !== undefined
}

/**
 * Orders two addresses by their number, as `sort ip()` does; every v4 address comes before every v6 address.
 * Undefined unless both are addresses.
 */
export function compareIpAddresses(a: string, b: string): number | undefined {
  const a4 = parseIpv4(a)
  const b4 = parseIpv4(b)
  if (a4 !== undefined && b4 !== undefined) return a4 - b4
  const a6 = a4 === undefined ? parseIpv6(a) : undefined
  const b6 = b4 === undefined ? parseIpv6(b) : undefined
  if (a4 === undefined && a6 === undefined) return undefined
  if (b4 === undefined && b6 === undefined) return undefined
  if (a6 === undefined) return -1
  if (b6 === undefined) return 1
  for (let index = 0; index < 8; index++) {
    const difference = a6[index]! - b6[index]!
    if (difference !== 0) return difference
  }
  return 0
}

function v4Network(address: number, prefix: number): CidrTest {
  // A shift by 32 is a shift by 0 in JavaScript, so /0 needs its own mask.
  const mask = prefix === 0 ? 0 : (-1 << (32 - prefix)) | 0
  const network = address & mask
  return {
    matches: (text) => {
      const candidate = parseIpv4(text)
      if (candidate !== undefined) return (candidate & mask) === network
      const v6 = parseIpv6(text)
      const mapped = v6 && mappedIpv4(v6)
      return mapped !== undefined && (mapped & mask) === network
    },
  }
}

function v6Network(address: Groups, prefix: number): CidrTest {
  const masks = address.map((_, index) => {
    const bits = Math.min(16, Math.max(0, prefix - index * 16))
    return (0xffff << (16 - bits)) & 0xffff
  })
  const network = address.map((group, index) => group & masks[index]!)
  return {
    matches: (text) => {
      const v4 = parseIpv4(text)
      const candidate = v4 === undefined ? parseIpv6(text) : mapIpv4(v4)
      if (candidate === undefined) return false
      for (let index = 0; index < 8; index++) {
        if ((candidate[index]! & masks[index]!) !== network[index]) return false
      }
      return true
    },
  }
}

/** The eight 16-bit groups of an IPv6 address. */
type Groups = readonly number[]

function parseIpv6(text: string): Groups | undefined {
  if (text.length < 2 || text.length > 45 || !text.includes(':')) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = parseGroups(halves[0]!, halves.length === 1)
  if (halves.length === 1) return head?.length === 8 ? head : undefined
  const tail = parseGroups(halves[1]!, true)
  // `::` stands for at least one group of zeros.
  if (head === undefined || tail === undefined || head.length + tail.length > 7) return undefined
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

/** Groups between colons; the last may be a dotted IPv4 address where the address ends. */
function parseGroups(text: string, endsAddress: boolean): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16))
      continue
    }
    const v4 = endsAddress && index === parts.length - 1 ? parseIpv4(part) : undefined
    if (v4 === undefined) return undefined
    groups.push(v4 >>> 16, v4 & 0xffff)
  }
  return groups
}

function mappedIpv4(groups: Groups): number | undefined {
  if (groups[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0)) return undefined
  return groups[6]! * 0x10000 + groups[7]!
}

function mapIpv4(address: number): Groups {
  return [0, 0, 0, 0, 0, 0xffff, address >>> 16, address & 0xffff]
}

function parsePrefix(text: string, width: number): number | undefined {
  if (!/^\d{1,3}$/.test(text)) return undefined
  const prefix = Number(text)
  return prefix <= width ? prefix : undefined
}
