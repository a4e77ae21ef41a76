import { BuildError, excerpt } from '../errors.js'
import type { Fields } from '../tree/node.js'
import type { TypeDefinition } from '../types/definition.js'
import {
  BOOLEAN,
  DOUBLE,
  type Family,
  INTEGER,
  JSON_TYPE,
  JSONB,
  type SqlType,
  TEXT,
} from '../types/sql-type.js'
import { CastNode } from './function-node.js'
import { ExpressionNode, isExpression } from './node.js'
import { Precedence } from './operators.js'
import type { Writer } from './writer.js'

/** The way to a part of a document: keys of objects, places in arrays. */
export type JsonSteps = readonly (string | number)[]

/** Whether a value is a path: texts, and whole numbers. */
export function isJsonSteps(value: unknown): boolean {
  return Array.isArray(value) && value.every((step) => typeof step === 'string' || Number.isSafeInteger(step))
}

/** Whether a value is a path that leads somewhere inside a document. */
export function isJsonPlace(value: unknown): boolean {
  return isJsonSteps(value) && (value as JsonSteps).length > 0
}

/** A text as a literal, checked as one that is sent. */
export function textLiteral(to: Writer, text: string): string {
  const codec = to.codec(TEXT)
  codec.encode(text, TEXT)
  return codec.literal(text, TEXT)
}

/**
 * A part of a JSON document: as JSON, or taken out of it as a value of SQL. The path is written into the SQL, quoted, so
 * that an index of the same expression serves it.
 */
export class JsonNode extends ExpressionNode {
  static readonly fields: Fields<JsonNode> = { document: 'child', path: 'data', form: 'data', type: 'data' }
  constructor(
    readonly document: ExpressionNode,
    readonly path: JsonSteps,
    /** As a document, as a text, or as the type says. */
    readonly form: 'json' | 'text' | 'value',
    readonly type: SqlType,
  ) {
    super('json')
  }

  override write(to: Writer): void {
    const { document, path, form, type } = this
    if (form === 'value') to.text('cast(')
    to.operand(document, Precedence.primary)
    for (let i = 0; i < path.length; i++) {
      const step = path[i] as string | number
      to.text(form !== 'json' && i === path.length - 1 ? ' ->> ' : ' -> ')
      to.text(typeof step === 'number' ? String(step) : textLiteral(to, step))
    }
    if (form !== 'json' && path.length === 0) to.text(" #>> '{}'")
    if (form === 'value') to.text(` as ${to.codec(type).ddl(type)})`)
  }
  override get precedence(): number {
    return this.form === 'value' || (this.form === 'json' && this.path.length === 0)
      ? Precedence.primary
      : Precedence.concat
  }

  private step(step: string | number): JsonNode {
    // A schema of the document is none of its parts.
    const type = this.type.name === 'jsonb' ? JSONB : JSON_TYPE
    return new JsonNode(this.document, [...this.path, step], 'json', type)
  }
  get(key: unknown): JsonNode {
    if (typeof key === 'string') return this.step(key)
    throw new BuildError(
      'invalid_path',
      `get(${excerpt(key)}): the key of an object is a text. For a place in an array write at(0).`,
    )
  }
  at(index: unknown): JsonNode {
    if (Number.isSafeInteger(index)) return this.step(index as number)
    throw new BuildError(
      'invalid_path',
      `at(${excerpt(index)}): a place in an array is a whole number, from 0.`,
    )
  }
  text(): JsonNode {
    return new JsonNode(this.document, this.path, 'text', TEXT)
  }
  number(): JsonNode {
    return this.value(DOUBLE)
  }
  integer(): JsonNode {
    return this.value(INTEGER)
  }
  boolean(): JsonNode {
    return this.value(BOOLEAN)
  }
  as(type: TypeDefinition<unknown, Family>): ExpressionNode {
    return new CastNode(this.text(), type.sqlType)
  }
  private value(type: SqlType): JsonNode {
    return new JsonNode(this.document, this.path, 'value', type)
  }
}

/** The document of an expression, for the functions of JSON. */
export function documentOf(place: string, value: unknown): ExpressionNode {
  const node = value as ExpressionNode
  if (isExpression(node) && (node.type.family === 'json' || node.type.family === 'unknown')) {
    return node.type.family === 'unknown' ? new CastNode(node, JSON_TYPE) : node
  }
  throw new BuildError(
    'no_operator',
    `${place}(…) takes an expression of json or jsonb, not ${isExpression(node) ? `one of ${node.type.name}` : excerpt(value)}.`,
  )
}
