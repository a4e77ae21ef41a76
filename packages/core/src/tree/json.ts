import { BuildError, excerpt } from '../errors.js'
import { withDepthGuard } from './depth.js'
import { fieldOf, type Node, type NodeClass } from './node.js'
import { fieldsOf } from './walk.js'

/** A value that `JSON.stringify` writes and `JSON.parse` returns without loss. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

type Encoded = Record<string, unknown>

/**
 * Writes a tree as plain JSON. Nodes that stand in several places (a table and the columns that refer to it)
 * are written once and referred to by number, so that reading them back keeps who is who. Big integers, dates,
 * bytes and non-finite numbers are kept.
 *
 * @example
 * ```ts
 * const text = JSON.stringify(toJSON(select(users).from(users)))
 * const statement = fromJSON(JSON.parse(text))
 * ```
 */
export function toJSON(root: Node): Json {
  const written = new Map<Node, Encoded>()
  let references = 0
  const encode = (node: Node): unknown => {
    const earlier = written.get(node)
    if (earlier !== undefined) {
      earlier.$id ??= ++references
      return { $ref: earlier.$id }
    }
    const result: Encoded = { kind: node.kind }
    written.set(node, result)
    for (const [name, role] of fieldsOf(node)) {
      const value = fieldOf(node, name)
      if (value === undefined) continue
      if (role === 'data') result[name] = encodeData(value)
      else if (role === 'children') result[name] = (value as readonly Node[]).map(encode)
      else result[name] = encode(value as Node)
    }
    return result
  }
  return withDepthGuard(root, () => encode(root)) as Json
}

/** Node classes by kind. */
export type NodeClasses = Readonly<Record<string, NodeClass>>

/**
 * What fields may hold that are written into SQL as they are, by kind and field. A list names the values that data
 * may have, or the kinds that a node may be of.
 */
export type AcceptedFields = Readonly<
  Record<string, Readonly<Record<string, ((value: unknown) => boolean) | readonly unknown[]>>>
>

/** Reads what {@link toJSON} wrote, of nodes of the given kinds. */
export function readTree(json: Json, classes: NodeClasses, accepts: AcceptedFields): Node {
  const read = new Map<unknown, Node>()
  const decode = (value: unknown): Node => {
    if (!isRecord(value)) throw malformed('a node should stand here', value)
    if ('$ref' in value) {
      const known = read.get(value.$ref)
      if (known === undefined) throw malformed('this reference comes before what it refers to', value)
      return known
    }
    const kind = typeof value.kind === 'string' ? value.kind : ''
    const nodeClass = Object.hasOwn(classes, kind) ? classes[kind] : undefined
    if (nodeClass === undefined) throw malformed('this kind of node is not known', value)
    const fields = Object.entries(nodeClass.fields).map(([name, role]) => {
      const field = Object.hasOwn(value, name) ? value[name] : undefined
      if (role === 'data') {
        const data = decodeData(field)
        if (isAccepted(kind, name, data)) return data
        throw malformed(`'${name}' cannot be ${excerpt(data)}`, value)
      }
      if (role === 'children') {
        if (!Array.isArray(field)) throw malformed(`'${name}' should be a list of nodes`, value)
        return field.map((item) => accepted(kind, name, decode(item), value))
      }
      if (field === undefined) {
        if (role === 'optional') return undefined
        throw malformed(`'${name}' is missing`, value)
      }
      return accepted(kind, name, decode(field), value)
    })
    const node = create(nodeClass, fields, value)
    if ('$id' in value) read.set(value.$id, node)
    return node
  }
  const isAccepted = (kind: string, name: string, data: unknown): boolean => {
    const rule = accepts[kind]?.[name]
    return rule === undefined || (typeof rule === 'function' ? rule(data) : rule.includes(data))
  }
  const accepted = (kind: string, name: string, child: Node, value: unknown): Node => {
    if (isAccepted(kind, name, child.kind)) return child
    throw malformed(`'${name}' cannot be a ${child.kind}`, value)
  }
  const create = (NodeOfKind: NodeClass, fields: unknown[], value: Encoded): Node => {
    try {
      return new NodeOfKind(...(fields as never[]))
    } catch (error) {
      // A field that holds something else than a node of its kind does.
      throw error instanceof TypeError ? malformed(`this is no ${value.kind}`, value) : error
    }
  }
  try {
    return decode(json)
  } catch (error) {
    if (error instanceof RangeError) throw malformed('it is nested too deep', json)
    throw error
  }
}

function malformed(what: string, value: unknown): BuildError {
  return new BuildError(
    'invalid_json',
    `This JSON is not a tree that toJSON wrote: ${what}. Found: ${excerpt(value)}`,
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function encodeData(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $number: Object.is(value, -0) ? '-0' : String(value) }
  }
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new BuildError('not_json', `A ${typeof value} cannot be written as JSON: ${excerpt(value)}`)
  }
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return { $date: value.getTime() }
  if (value instanceof Uint8Array) return { $bytes: toHex(value) }
  if (Array.isArray(value)) return value.map(encodeData)
  // The prototype of a plain object has none itself, whichever realm it is of.
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new BuildError(
      'not_json',
      `A ${prototype.constructor.name} cannot be written as JSON: ${excerpt(value)}. Give the statement the value that ` +
        'it stands for in the database.',
    )
  }
  const entries = Object.entries(value)
    .filter((entry) => entry[1] !== undefined)
    .map(([key, item]) => [key, encodeData(item)] as const)
  return entries.some(([key]) => key.startsWith('$') || key === '__proto__')
    ? { $record: entries }
    : Object.fromEntries(entries)
}

function decodeData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeData)
  if (!isRecord(value)) return value
  if (typeof value.$bigint === 'string' && /^-?\d+$/.test(value.$bigint)) return BigInt(value.$bigint)
  if (typeof value.$number === 'string') return Number(value.$number)
  if (typeof value.$date === 'number') return new Date(value.$date)
  if (typeof value.$bytes === 'string') return fromHex(value.$bytes)
  const entries = isEntries(value.$record) ? value.$record : Object.entries(value)
  return Object.fromEntries(entries.map(([key, item]) => [key, decodeData(item)]))
}

function isEntries(value: unknown): value is [string, unknown][] {
  return Array.isArray(value) && value.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string')
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Bytes as hexadecimal text, two digits each. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i] as number]
  return text
}

/** The bytes that hexadecimal text names. */
export function fromHex(text: string, start = 0): Uint8Array {
  const bytes = new Uint8Array((text.length - start) >> 1)
  for (let i = 0, at = start; i < bytes.length; i++, at += 2)
    bytes[i] = Number.parseInt(text.slice(at, at + 2), 16)
  return bytes
}
