import { type Decode, misfit, type SqlType } from '@espalier/core'

/** An array from PostgreSQL's text: in front of it may stand bounds such as `[0:1]=`. */
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
    const element = type.element as SqlType
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
