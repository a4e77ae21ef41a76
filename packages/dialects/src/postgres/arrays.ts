import { type Codec, CompileError, type Decode, misfit, type SqlType } from '@espalier/core'
import { wireText } from './wire.js'

/** The type of the elements of an array. */
export function elementOf(type: SqlType): SqlType {
  const { element } = type
  // Ranges bring their own codec, which arrays do not ask.
  if (element !== undefined && !element.family.endsWith('range')) return element
  throw new CompileError('malformed_tree', `There are no arrays of ${element?.name}.`)
}

/**
 * An array as PostgreSQL writes it: `{1,NULL,"a \"b\""}`.
 *
 * See https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function encodeArray(
  value: unknown,
  type: SqlType,
  codecOf: (element: SqlType) => Codec | undefined,
): string {
  if (!Array.isArray(value)) throw misfit(value, type, 'an array')
  const element = elementOf(type)
  const items = value.map((item: unknown) => {
    if (item === null) return 'NULL'
    const text = wireText((codecOf(element) as Codec).encode(item, element))
    return element.family === 'array' ? text : quoted(text)
  })
  return `{${items.join(',')}}`
}

function quoted(text: string): string {
  return /^[\w.+:-]+$/.test(text) && !/^null$/i.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** What {@link encodeArray} wrote, or PostgreSQL did: in front of it may stand bounds such as `[0:1]=`. */
export function decodeArray(
  value: unknown,
  type: SqlType,
  decoderOf: (element: SqlType) => Decode | undefined,
): unknown[] {
  const text = value as string
  const start = text.indexOf('{')
  if (start < 0) throw misfit(value, type, 'an array')
  return new ArrayReader(text, start, decoderOf).read(type)
}

class ArrayReader {
  constructor(
    private readonly text: string,
    private at: number,
    private readonly decoderOf: (element: SqlType) => Decode | undefined,
  ) {}

  read(type: SqlType): unknown[] {
    const { text } = this
    const element = elementOf(type)
    const decode = this.decoderOf(element)
    const items: unknown[] = []
    this.at++
    while (text[this.at] !== '}') {
      if (this.at >= text.length) throw misfit(text, type, 'an array')
      if (text[this.at] === ',') this.at++
      if (text[this.at] === '{') {
        // Any number of dimensions is of one type in PostgreSQL.
        items.push(this.read(element.family === 'array' ? element : type))
        continue
      }
      const isQuoted = text[this.at] === '"'
      const item = isQuoted ? this.quoted() : this.bare()
      if (!isQuoted && item === 'NULL') items.push(null)
      else items.push(decode === undefined ? item : decode(item, element))
    }
    this.at++
    return items
  }

  private bare(): string {
    const start = this.at
    while (this.at < this.text.length && !/[,}]/.test(this.text[this.at] as string)) this.at++
    return this.text.slice(start, this.at)
  }

  private quoted(): string {
    let item = ''
    for (this.at++; this.at < this.text.length; this.at++) {
      const character = this.text[this.at] as string
      if (character === '"') break
      item += character === '\\' ? (this.text[++this.at] ?? '') : character
    }
    this.at++
    return item
  }
}
