// Message digests of texts (as UTF-8), in plain JavaScript because the language also runs where there is no Node.
// RFC 1321 (MD5), FIPS 180-4 (SHA-1, SHA-256, SHA-512).

const encoder = new TextEncoder()

/** Pads a message to whole blocks: a one bit, zeros, the length in bits at the end. */
function padded(text: string, blockBytes: 64 | 128, littleEndian: boolean): DataView {
  const bytes = encoder.encode(text)
  const lengthBytes = blockBytes / 8
  const total = Math.ceil((bytes.length + 1 + lengthBytes) / blockBytes) * blockBytes
  const message = new Uint8Array(total)
  message.set(bytes)
  message[bytes.length] = 0x80
  const view = new DataView(message.buffer)
  // Texts are shorter than 2^53 bits; the upper bytes of a 128-bit length stay zero.
  const [low, high] = [(bytes.length * 8) >>> 0, Math.floor(bytes.length / 2 ** 29)]
  view.setUint32(total - (littleEndian ? 8 : 4), low, littleEndian)
  view.setUint32(total - (littleEndian ? 4 : 8), high, littleEndian)
  return view
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
const rotateLeft = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits))
const rotateRight = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits))

/** The constants of SHA-2: the fractions of roots of the first primes, 64 bits each. Made when first asked for. */
const sha2Constants = once(() => {
  const primes = Array.from({ length: 410 }, (_, n) => n).filter((n) => {
    for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false
    return n > 1
  })
  const squareRoots = primes.slice(0, 8).map((prime) => fractionOfRoot(prime, 2))
  const cubeRoots = primes.slice(0, 80).map((prime) => fractionOfRoot(prime, 3))
  const highHalf = (root: bigint): number => Number(root >> 32n) | 0
  return {
    squareRoots,
    cubeRoots,
    sha256Start: Int32Array.from(squareRoots, highHalf),
    sha256Steps: Int32Array.from(cubeRoots.slice(0, 64), highHalf),
  }
})

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

function fractionOfRoot(prime: number, degree: 2 | 3): bigint {
  const shifted = BigInt(prime) << BigInt(64 * degree)
  let low = 0n
  let high = 1n << 72n
  while (low < high) {
    const middle = (low + high + 1n) >> 1n
    if (middle ** BigInt(degree) <= shifted) low = middle
    else high = middle - 1n
  }
  return low & 0xffff_ffff_ffff_ffffn
}

const sineWords = Int32Array.from({ length: 64 }, (_, index) =>
  Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32),
)
const md5Shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

/** MD5 as 32 hexadecimal digits. */
export function md5(text: string): string {
  const view = padded(text, 64, true)
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476]
  for (let block = 0; block < view.byteLength; block += 64) {
    let [a, b, c, d] = [a0, b0, c0, d0]
    for (let step = 0; step < 64; step++) {
      const round = step >> 4
      const mixed =
        round === 0
          ? (b & c) | (~b & d)
          : round === 1
            ? (d & b) | (~d & c)
            : round === 2
              ? b ^ c ^ d
              : c ^ (b | ~d)
      const word =
        round === 0
          ? step
          : round === 1
            ? (5 * step + 1) % 16
            : round === 2
              ? (3 * step + 5) % 16
              : (7 * step) % 16
      const sum = (a + mixed + sineWords[step]! + view.getInt32(block + word * 4, true)) | 0
      a = d
      d = c
      c = b
      b = (b + rotateLeft(sum, md5Shifts[round * 4 + (step & 3)]!)) | 0
    }
    a0 = (a0 + a) | 0
    b0 = (b0 + b) | 0
    c0 = (c0 + c) | 0
    d0 = (d0 + d) | 0
  }
  const digest = new DataView(new ArrayBuffer(16))
  ;[a0, b0, c0, d0].forEach((word, index) => {
    digest.setInt32(index * 4, word, true)
  })
  return [0, 4, 8, 12].map((offset) => hex(digest.getInt32(offset))).join('')
}

/** SHA-1 as 40 hexadecimal digits. */
export function sha1(text: string): string {
  const view = padded(text, 64, false)
  const words = new Int32Array(80)
  let [h0, h1, h2, h3, h4] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0]
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let index = 0; index < 16; index++) words[index] = view.getInt32(block + index * 4)
    for (let index = 16; index < 80; index++) {
      words[index] = rotateLeft(
        words[index - 3]! ^ words[index - 8]! ^ words[index - 14]! ^ words[index - 16]!,
        1,
      )
    }
    let [a, b, c, d, e] = [h0, h1, h2, h3, h4]
    for (let step = 0; step < 80; step++) {
      const [mixed, constant] =
        step < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : step < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : step < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6]
      const next = (rotateLeft(a, 5) + mixed + e + constant + words[step]!) | 0
      e = d
      d = c
      c = rotateLeft(b, 30)
      b = a
      a = next
    }
    h0 = (h0 + a) | 0
    h1 = (h1 + b) | 0
    h2 = (h2 + c) | 0
    h3 = (h3 + d) | 0
    h4 = (h4 + e) | 0
  }
  return [h0, h1, h2, h3, h4].map(hex).join('')
}

/** SHA-256 as 64 hexadecimal digits. */
export function sha256(text: string): string {
  const view = padded(text, 64, false)
  const words = new Int32Array(64)
  const { sha256Start, sha256Steps } = sha2Constants()
  const state = Int32Array.from(sha256Start)
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let index = 0; index < 16; index++) words[index] = view.getInt32(block + index * 4)
    for (let index = 16; index < 64; index++) {
      const early = words[index - 15]!
      const late = words[index - 2]!
      const s0 = rotateRight(early, 7) ^ rotateRight(early, 18) ^ (early >>> 3)
      const s1 = rotateRight(late, 17) ^ rotateRight(late, 19) ^ (late >>> 10)
      words[index] = words[index - 16]! + s0 + words[index - 7]! + s1
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    for (let step = 0; step < 64; step++) {
      const s1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)
      const first = (h + s1 + ((e & f) ^ (~e & g)) + sha256Steps[step]! + words[step]!) | 0
      const s0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + first) | 0
      d = c
      c = b
      b = a
      a = (first + second) | 0
    }
    ;[a, b, c, d, e, f, g, h].forEach((word, index) => {
      state[index]! += word
    })
  }
  return Array.from(state, hex).join('')
}

/** SHA-512 as 128 hexadecimal digits. */
export function sha512(text: string): string {
  const view = padded(text, 128, false)
  const words = new BigUint64Array(80)
  const { squareRoots, cubeRoots } = sha2Constants()
  const state = BigUint64Array.from(squareRoots)
  const rotate = (word: bigint, bits: bigint): bigint => (word >> bits) | (word << (64n - bits))
  const low = (word: bigint): bigint => BigInt.asUintN(64, word)
  for (let block = 0; block < view.byteLength; block += 128) {
    for (let index = 0; index < 16; index++) words[index] = view.getBigUint64(block + index * 8)
    for (let index = 16; index < 80; index++) {
      const early = words[index - 15]!
      const late = words[index - 2]!
      const s0 = rotate(early, 1n) ^ rotate(early, 8n) ^ (early >> 7n)
      const s1 = rotate(late, 19n) ^ rotate(late, 61n) ^ (late >> 6n)
      words[index] = words[index - 16]! + low(s0) + words[index - 7]! + low(s1)
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
    ]
    for (let step = 0; step < 80; step++) {
      const s1 = low(rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n))
      const first = h + s1 + ((e & f) ^ (low(~e) & g)) + cubeRoots[step]! + words[step]!
      const s0 = low(rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n))
      const second = s0 + ((a & b) ^ (a & c) ^ (b & c))
      h = g
      g = f
      f = e
      e = low(d + first)
      d = c
      c = b
      b = a
      a = low(first + second)
    }
    ;[a, b, c, d, e, f, g, h].forEach((word, index) => {
      state[index]! += word
    })
  }
  return Array.from(state, (word) => word.toString(16).padStart(16, '0')).join('')
}
