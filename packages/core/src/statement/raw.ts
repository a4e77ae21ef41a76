import { BuildError, excerpt } from '../errors.js'
import type { FamilyOf, Reads, Typed } from '../expression/expression.js'
import { IdentifierNode, RawNode } from '../expression/function-node.js'
import { isExpression, toExpression } from '../expression/node.js'
import { sourceInfo } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import type { TypeDefinition } from '../types/definition.js'
import { type Family, type SqlType, UNKNOWN } from '../types/sql-type.js'
import { isQuery } from './compound.js'
import { StatementNode } from './statement-node.js'

/** What may stand in `` sql`…${here}…` ``: an expression, a source, a query, an identifier, or a value. */
type PartSources<A extends readonly unknown[]> = A[number] extends infer T
  ? T extends { readonly '~sources': infer S extends Reads; readonly '~value': unknown }
    ? S
    : T extends { readonly 'still needs': infer S extends Reads }
      ? S
      : never
  : never

type PartNulledBy<A extends readonly unknown[]> = A[number] extends infer T
  ? T extends { readonly '~nulledBy': infer N extends string }
    ? N
    : never
  : never

/** A name in raw SQL, quoted; made by `sql.identifier`. */
export interface Identifier extends Node {
  readonly path: readonly string[]
}

interface SqlTag {
  /**
   * SQL as you write it, as an expression. What stands in `${…}` is never pasted in: expressions are written in
   * their place, values become parameters, names are quoted by `sql.identifier`.
   *
   * The type argument is a claim: the value comes as the driver has it. State a type to have it decoded.
   * @example
   * ```ts
   * select({ n: sql(integer())`length(trim(${users.email}))` }).from(users)
   * // select length(trim("users"."email")) as "n" from "users"
   * update(users).set({ fullName: sql<string>`upper(${users.fullName})` }).everyRow()
   * ```
   */
  <V = unknown>(
    texts: TemplateStringsArray,
    ...parts: readonly unknown[]
  ): Typed<FamilyOf<V>, V, never, never>
  /** SQL of a stated type, which decodes its value as a column of that type would. */
  <V, F extends Family>(type: TypeDefinition<V, F>): TypedTag<V, F>
  /**
   * A quoted name, or a path of names.
   * @example
   * ```ts
   * sql`select * from ${sql.identifier('my schema', 'users')}` // select * from "my schema"."users"
   * ```
   */
  identifier(...path: readonly [string, ...string[]]): Identifier
  /**
   * A whole statement in raw SQL, for what has no builder. It returns no typed rows.
   * @example
   * ```ts
   * await db.run(sql.statement`vacuum`)
   * ```
   */
  statement(texts: TemplateStringsArray, ...parts: readonly unknown[]): Statement<never, never>
}

type TypedTag<V, F extends Family> = <const A extends readonly unknown[]>(
  texts: TemplateStringsArray,
  ...parts: A
) => Typed<F, V, PartSources<A>, PartNulledBy<A>>

/** A statement in raw SQL. */
export class RawStatementNode extends StatementNode {
  static readonly fields: Fields<RawStatementNode> = { raw: 'child' }
  constructor(readonly raw: RawNode) {
    super('rawStatement')
  }
  write(to: Writer): void {
    to.visit(this.raw)
  }
}

function rawNode(texts: readonly string[], parts: readonly unknown[], type: SqlType): RawNode {
  return new RawNode(
    [...texts],
    parts.map((part, i) => toPart(part, i)),
    type,
  )
}

function toPart(part: unknown, at: number): Node {
  const info = sourceInfo(part)
  if (info !== undefined) return info.node
  if (isExpression(part) || isQuery(part)) return part
  if (typeof part === 'object' && part !== null && (part as Partial<Node>).kind === 'identifier')
    return part as Node
  if (Array.isArray(part)) {
    throw new BuildError(
      'invalid_part',
      `Part ${at + 1} of this sql is an array. For a list write column.in([…]).`,
    )
  }
  if (part === undefined || typeof part === 'function') {
    throw new BuildError(
      'undefined_value',
      `Part ${at + 1} of this sql is ${excerpt(part)}; write null for NULL.`,
    )
  }
  return toExpression('sql', part)
}

function isTemplate(value: unknown): value is TemplateStringsArray {
  return Array.isArray(value) && 'raw' in value
}

function tag(first: unknown, ...parts: unknown[]): unknown {
  if (isTemplate(first)) return rawNode(first, parts, UNKNOWN)
  const type = (first as Partial<TypeDefinition<unknown, Family>> | undefined)?.sqlType
  if (type !== undefined)
    return (texts: TemplateStringsArray, ...typed: unknown[]) => rawNode(texts, typed, type)
  throw new BuildError(
    'invalid_sql',
    `sql is a tag: write sql\`…\`. It was called with ${excerpt(first)}, which is never run as SQL.`,
  )
}

/** Raw SQL, safely: see the call signatures. */
export const sql: SqlTag = /* @__PURE__ */ Object.assign(tag as SqlTag, {
  identifier: (...path: readonly [string, ...string[]]): Identifier => new IdentifierNode(path),
  statement: (texts: TemplateStringsArray, ...parts: readonly unknown[]): Statement<never, never> => {
    if (!isTemplate(texts))
      throw new BuildError('invalid_sql', 'sql.statement is a tag: write sql.statement`…`.')
    return new RawStatementNode(rawNode(texts, parts, UNKNOWN)) as unknown as Statement<never, never>
  },
})
