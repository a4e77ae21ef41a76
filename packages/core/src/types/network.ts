import { misfit } from './codec.js'
import type { SqlType } from './sql-type.js'
import { textType } from './text-types.js'

/** An address by its parts of 8 bits, of IPv4, or of 16 bits, of IPv6, and how many bits are those of its network. */
interface Network {
  readonly parts: readonly number[]
  readonly bits: number
}

/** A network or an address in it, from its text; undefined for anything else. */
function parsedNetwork(text: string): Network | undefined {
  const [address = '', length, ...more] = text.split('/')
  const parts = address.includes(':') ? partsOfV6(address) : partsOfV4(address)
  if (parts === undefined || more.length > 0) return undefined
  const all = parts.length === 4 ? 32 : 128
  if (length === undefined) return { parts, bits: all }
  return /^\d{1,3}$/.test(length) && Number(length) <= all ? { parts, bits: Number(length) } : undefined
}

function partsOfV4(text: string): number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined
  return parts.map(Number)
}

function partsOfV6(text: string): number[] | undefined {
  const last = text.slice(text.lastIndexOf(':') + 1)
  let whole = text
  if (last.includes('.')) {
    const [a = 0, b = 0, c = 0, d = 0] = partsOfV4(last) ?? [-1]
    if (a < 0) return undefined
    whole = text.slice(0, -last.length) + hex(a * 256 + b) + ':' + hex(c * 256 + d)
  }
  const halves = whole.split('::')
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - left.length - right.length
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  return groups.every((group) => /^[\da-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined
}

function hex(part: number): string {
  return part.toString(16)
}

/** An address in its one form: of IPv6 that of RFC 5952. */
function addressText(parts: readonly number[]): string {
  if (parts.length === 4) return parts.join('.')
  const [, , , , , , high = 0, low = 0] = parts
  if (parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff)
    return `::ffff:${[high >> 8, high & 255, low >> 8, low & 255].join('.')}`
  const text = `:${parts.map(hex).join(':')}:`
  // The longest run of zeros is left out, the first of those that are equally long.
  const runs = text.match(/(?::0)+(?=:)/g) ?? []
  const longest = runs.reduce((found, run) => (run.length > found.length ? run : found), ':0')
  if (longest === ':0') return text.slice(1, -1)
  const at = text.indexOf(`${longest}:`)
  const before = text.slice(1, Math.max(at, 1))
  return `${before}::${text.slice(at + longest.length + 1, -1)}`
}

/** The first address of a network. */
function firstOf({ parts, bits }: Network): number[] {
  const width = parts.length === 4 ? 8 : 16
  return parts.map((part, i) => {
    const free = Math.min(Math.max(width * (i + 1) - bits, 0), width)
    return (part >> free) << free
  })
}

/**
 * What is kept where there is no such type: a text by whose order the values are ordered as PostgreSQL orders them, by
 * their networks, the lengths of these, and then their addresses. `192.168.001.000/24 192.168.001.005`
 */
function sortedText(text: string): string {
  const network = parsedNetwork(text) as Network
  const padded = (parts: readonly number[]) =>
    parts.length === 4
      ? parts.map((part) => String(part).padStart(3, '0')).join('.')
      : `[${parts.map((part) => hex(part).padStart(4, '0')).join(':')}]`
  const first = padded(firstOf(network))
  const address = padded(network.parts)
  const length = String(network.bits).padStart(network.parts.length === 4 ? 2 : 3, '0')
  return `${first}/${length}${first === address ? '' : ` ${address}`}`
}

/** The text of a value, from what is kept, or from what the database wrote. */
function plainText(text: string): string {
  const [network = '', address] = text.replace(/[[\]]/g, '').split(' ')
  return address === undefined ? network : `${address}/${network.slice(network.indexOf('/') + 1)}`
}

function checkInet(value: unknown, type: SqlType): string {
  const network = typeof value === 'string' ? parsedNetwork(value) : undefined
  if (network === undefined) {
    throw misfit(value, type, "an address such as '192.168.1.5', '2001:db8::1' or '192.168.1.5/24'")
  }
  const { parts, bits } = network
  return bits === (parts.length === 4 ? 32 : 128) ? addressText(parts) : `${addressText(parts)}/${bits}`
}

function checkCidr(value: unknown, type: SqlType): string {
  const network = typeof value === 'string' ? parsedNetwork(value) : undefined
  if (network === undefined) {
    throw misfit(value, type, "a network such as '192.168.1.0/24' or '2001:db8::/32'")
  }
  const text = (parts: readonly number[]) => `${addressText(parts)}/${network.bits}`
  const first = text(firstOf(network))
  if (text(network.parts) === first) return first
  throw misfit(value, type, `a network, with no bits behind the first ${network.bits}: '${first}'`)
}

/** An address of a host, perhaps with the length of its network: a text. */
export const INET: SqlType = /* @__PURE__ */ textType('inet', 'named', {
  check: checkInet,
  kept: sortedText,
  ddl: () => 'inet',
  read: (text, type) => checkInet(plainText(text), type),
})

/** A network: a text. */
export const CIDR: SqlType = /* @__PURE__ */ textType('cidr', 'named', {
  check: checkCidr,
  kept: sortedText,
  ddl: () => 'cidr',
  read: (text, type) => checkCidr(plainText(text), type),
})

function hardwareAddress(name: string, digits: number, example: string): SqlType {
  const check = (value: unknown, type: SqlType): string => {
    const groups = typeof value === 'string' ? value.split(/[:.-]/) : []
    const [first = ''] = groups
    const all = groups.join('')
    const isEven = groups.every((group) => group.length === first.length) && first.length % 2 === 0
    const separators = new Set(String(value).match(/[:.-]/g))
    if (!isEven || separators.size > 1 || all.length !== digits || !/^[\da-f]+$/i.test(all))
      throw misfit(value, type, `an address of ${digits / 2} bytes, such as '${example}'`)
    return (all.toLowerCase().match(/../g) as string[]).join(':')
  }
  return textType(name, 'named', { check, ddl: () => name, read: check })
}

/** An address of hardware, of 6 bytes: a text. */
export const MACADDR: SqlType = /* @__PURE__ */ hardwareAddress('macaddr', 12, '08:00:2b:01:02:03')
/** An address of hardware, of 8 bytes: a text. */
export const MACADDR8: SqlType = /* @__PURE__ */ hardwareAddress('macaddr8', 16, '08:00:2b:01:02:03:04:05')
