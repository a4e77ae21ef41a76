import type { Fields } from '../tree/node.js'
import { arrayType } from '../types/array.js'
import { JSONB, type SqlType, TEXT } from '../types/sql-type.js'
import { CastNode } from './function-node.js'
import { type JsonSteps, textLiteral } from './json-node.js'
import { ExpressionNode, PredicateNode } from './node.js'
import { Precedence } from './operators.js'
import type { Writer } from './writer.js'

/** A document in the form that PostgreSQL computes with. */
export function asJsonb(node: ExpressionNode): ExpressionNode {
  return node.type.name === 'jsonb' ? node : new CastNode(node, JSONB)
}

/** A path as PostgreSQL's array of texts. */
function writePath(to: Writer, path: JsonSteps): void {
  const type = arrayType(TEXT)
  const texts = path.map(String)
  const codec = to.codec(type)
  codec.encode(texts, type)
  to.text(codec.literal(texts, type))
}

/** Whether an object has keys: `d ? 'a'`, `d ?| array['a', 'b']`. */
export class JsonKeysNode extends PredicateNode {
  static readonly fields: Fields<JsonKeysNode> = { document: 'child', keys: 'data', quantifier: 'data' }
  constructor(
    readonly document: ExpressionNode,
    readonly keys: readonly string[],
    readonly quantifier: 'any' | 'all',
  ) {
    super('jsonKeys')
  }
  override write(to: Writer): void {
    const { document, keys, quantifier } = this
    to.operand(asJsonb(document), Precedence.primary)
    if (keys.length === 1) {
      to.text(` ? ${textLiteral(to, keys[0] as string)}`)
      return
    }
    to.text(quantifier === 'any' ? ' ?| ' : ' ?& ')
    writePath(to, keys)
  }
}

/** A document without one of its parts: `d #- '{a,b}'`. */
export class JsonRemoveNode extends ExpressionNode {
  static readonly fields: Fields<JsonRemoveNode> = { document: 'child', path: 'data' }
  constructor(
    readonly document: ExpressionNode,
    readonly path: JsonSteps,
  ) {
    super('jsonRemove')
  }
  get type(): SqlType {
    return JSONB
  }
  override write(to: Writer): void {
    to.operand(asJsonb(this.document), Precedence.primary)
    to.text(' #- ')
    writePath(to, this.path)
  }
  override get precedence(): number {
    return Precedence.comparison
  }
}

/** A document with another value in one of its places. */
export class JsonSetNode extends ExpressionNode {
  static readonly fields: Fields<JsonSetNode> = { document: 'child', path: 'data', value: 'child' }
  constructor(
    readonly document: ExpressionNode,
    readonly path: JsonSteps,
    readonly value: ExpressionNode,
  ) {
    super('jsonSet')
  }
  get type(): SqlType {
    return JSONB
  }
  override write(to: Writer): void {
    const { document, path, value } = this
    to.text('jsonb_set(')
    to.visit(asJsonb(document))
    to.text(', ')
    writePath(to, path)
    to.text(', ')
    if (value.kind === 'parameter') to.visit(value)
    else {
      // NULL in place of the value would make the whole document NULL.
      to.text('coalesce(to_jsonb(')
      to.visit(value)
      to.text("), 'null')")
    }
    to.text(')')
  }
}

/** A document made of values: an object with keys, or an array. */
export class JsonBuildNode extends ExpressionNode {
  static readonly fields: Fields<JsonBuildNode> = { keys: 'data', values: 'children' }
  constructor(
    /** Undefined for an array. */
    readonly keys: readonly string[] | undefined,
    readonly values: readonly ExpressionNode[],
  ) {
    super('jsonBuild')
  }
  get type(): SqlType {
    return JSONB
  }
  override write(to: Writer): void {
    const { keys, values } = this
    to.text(keys === undefined ? 'jsonb_build_array(' : 'jsonb_build_object(')
    for (let i = 0; i < values.length; i++) {
      if (i > 0) to.text(', ')
      if (keys !== undefined) to.text(`${textLiteral(to, keys[i] as string)}, `)
      to.visit(values[i] as ExpressionNode)
    }
    to.text(')')
  }
}
