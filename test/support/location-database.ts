// Writes small location databases in MaxMind's format for tests: IPv4, records of 24 bits.
// Format: https://maxmind.github.io/MaxMind-DB/

type Plain = string | number | readonly Plain[] | { readonly [name: string]: Plain }

/** The bytes of a database with one entry per network such as `203.0.113.0/24`. */
export function locationDatabase(networks: Readonly<Record<string, Plain>>): Buffer {
  // A node is a pair of records: a child's index, undefined for nothing, or an entry's place in the data.
  const nodes: (number | undefined | { readonly data: number })[][] = [[undefined, undefined]]
  const data: Buffer[] = []
  let dataLength = 0
  for (const [network, entry] of Object.entries(networks)) {
    const [address = '', length = '32'] = network.split('/')
    const bits = address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('')
      .slice(0, Number(length))
    let node = 0
    for (const [index, bit] of [...bits].entries()) {
      const side = Number(bit)
      if (index === bits.length - 1) nodes[node]![side] = { data: dataLength }
      else {
        const child = nodes[node]![side]
        if (typeof child === 'number') node = child
        else {
          nodes[node]![side] = nodes.length
          node = nodes.length
          nodes.push([undefined, undefined])
        }
      }
    }
    const encoded = encode(entry)
    data.push(encoded)
    dataLength += encoded.length
  }
  const tree = Buffer.alloc(nodes.length * 6)
  nodes.forEach((records, node) => {
    records.forEach((record, side) => {
      const value =
        record === undefined
          ? nodes.length
          : typeof record === 'number'
            ? record
            : nodes.length + 16 + record.data
      tree.writeUIntBE(value, node * 6 + side * 3, 3)
    })
  })
  const metadata = encode({
    node_count: nodes.length,
    record_size: 24,
    ip_version: 4,
    database_type: 'Test-City',
    languages: ['en', 'de'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    description: { en: 'made for tests' },
  })
  const marker = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex')
  return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, metadata])
}

/** Whole numbers become uint32, others doubles. */
function encode(value: Plain): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    return Buffer.concat([control(2, text.length), text])
  }
  if (typeof value === 'number') {
    if (Number.isInteger(value) && value >= 0) {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(value)
      return Buffer.concat([control(6, 4), bytes])
    }
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleBE(value)
    return Buffer.concat([control(3, 8), bytes])
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)])
  const entries = Object.entries(value)
  return Buffer.concat([
    control(7, entries.length),
    ...entries.flatMap(([name, inner]) => [encode(name), encode(inner)]),
  ])
}

function control(type: number, size: number): Buffer {
  const sizeBits = Math.min(size, 29)
  const extra = size < 29 ? [] : [size - 29]
  return Buffer.from(type < 8 ? [(type << 5) | sizeBits, ...extra] : [sizeBits, type - 7, ...extra])
}
