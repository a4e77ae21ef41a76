import {
  type Codec,
  CompileError,
  misfit,
  type NamedParameterNode,
  Position,
  Precedence,
  type QuantifiedNode,
  type SqlType,
  toHex,
  type Writer,
} from '@espalier/core'

/**
 * Whether a value is one of a list that is given by name, or none of it. SQLite has no arrays, so the list travels as
 * JSON, and its elements are the rows of `json_each`: https://sqlite.org/json1.html#jeach
 */
export function writeListMembership(node: QuantifiedNode, list: NamedParameterNode, to: Writer): void {
  const { operand, operator, quantifier } = node
  const { type, nullable } = list
  const element = type.element as SqlType
  if (operator !== (quantifier === 'any' ? 'eq' : 'ne')) {
    throw to.unsupported(
      `${operator} ${quantifier} of a list that is given by name`,
      'Give the least or the greatest of the list by name, and compare with that.',
    )
  }
  const codec = to.codec(element)
  to.operand(operand, Precedence.comparison + 1)
  to.text(quantifier === 'any' ? ' in (select ' : ' not in (select ')
  to.text(element.name === 'bytes' ? 'unhex("value")' : '"value"')
  to.text(' from json_each(')
  // No list is not an empty one: whether a value is in it is not known.
  if (nullable) to.text('coalesce(')
  list.writeAt(to, Position.comparison)
  to.text(nullable ? ", '[null]')))" : '))')
  const slot = to.named?.pop()
  if (slot === undefined) throw new CompileError('unbound_parameter', `param('${list.name}') has no place.`)
  to.named?.push({ ...slot, encode: (value) => listText(value, type, codec) })
}

function listText(value: unknown, type: SqlType, codec: Codec): string {
  if (!Array.isArray(value)) throw misfit(value, type, 'an array')
  const element = type.element as SqlType
  const items = Array.from(value, (item: unknown) =>
    item === null ? 'null' : itemText(codec.encode(item, element), element),
  )
  return `[${items.join(',')}]`
}

/** A value of SQLite as JSON, of which SQLite makes the same value again. */
function itemText(value: unknown, type: SqlType): string {
  if (value === Number.POSITIVE_INFINITY) return '9e999'
  if (value === Number.NEGATIVE_INFINITY) return '-9e999'
  if (value instanceof Uint8Array) return `"${toHex(value)}"`
  // As a whole number of 64 bits it would not be the double that it is.
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) return value.toExponential()
  if (typeof value !== 'string') return String(value)
  if (!value.includes('\0')) return JSON.stringify(value)
  throw misfit(value, type, 'a text without NUL (\\u0000), at which SQLite would end it in a list')
}
