import { type Codec, decodeOf, misfit, type OwnCodec } from './codec.js'
import { type SqlType, TEXT } from './sql-type.js'
import { ownType } from './text-types.js'

type Pairs = Readonly<Record<string, string | null>>

/** Whether a value is an object that is no instance of a class, of whichever realm: its prototype is the one that has none. */
function isPlain(value: unknown): value is Pairs {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Pairs of a key and a text or null, in the order of their keys; an error for what is none. */
function checkPairs(value: unknown, type: SqlType): [key: string, value: string | null][] {
  const pairs = isPlain(value) ? Object.entries(value) : undefined
  if (!pairs?.every(([, text]) => text === null || typeof text === 'string')) {
    throw misfit(value, type, "an object of texts and nulls, such as { colour: 'red', size: null }")
  }
  return pairs.sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Pairs as PostgreSQL writes them: `"colour"=>"red", "size"=>NULL`. */
const PAIR = /"((?:[^"\\]|\\.)*)"=>(?:NULL|"((?:[^"\\]|\\.)*)")(?:, |$)/gsy

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/gs, '$1')
}

function readPairs(text: string, type: SqlType): Pairs {
  const pairs: [string, string | null][] = []
  let end = 0
  for (const [whole, key = '', value] of text.matchAll(PAIR)) {
    end += whole.length
    pairs.push([unquoted(key), value === undefined ? null : unquoted(value)])
  }
  if (end !== text.length) throw misfit(text, type, 'pairs of texts')
  return Object.fromEntries(pairs)
}

const HSTORES: OwnCodec = {
  copy: (value) => (isPlain(value) ? { ...value } : undefined),
  codec(dialect) {
    const text = dialect.types.text as Codec
    const lacks = dialect.lacks.textTypes === true
    const encode = (value: unknown, type: SqlType) => {
      const pairs = checkPairs(value, type)
      for (const part of pairs.flat()) if (part !== null) text.encode(part, type)
      if (lacks) return JSON.stringify(Object.fromEntries(pairs))
      return pairs.map(([key, of]) => `${quoted(key)}=>${of === null ? 'NULL' : quoted(of)}`).join(', ')
    }
    return {
      ddl: () => (lacks ? 'text' : 'hstore'),
      encode,
      literal: (value, type) => `${text.literal(encode(value, type), TEXT)}${lacks ? '' : '::hstore'}`,
    }
  },
  decode: (decoders) => {
    const decode = decodeOf(decoders, TEXT)
    return (value, type) => {
      const text = (decode === undefined ? value : decode(value, TEXT)) as string
      if (!text.startsWith('{')) return readPairs(text, type)
      return Object.fromEntries(checkPairs(JSON.parse(text), type))
    }
  },
}

/** Keys with texts: an object. */
export const HSTORE: SqlType = /* @__PURE__ */ ownType('hstore', 'named', HSTORES)
