import { BuildError, excerpt } from '../errors.js'
import type { FamilyOf, Reads, Typed } from '../expression/expression.js'
import { FragmentNode, IdentifierNode, RawNode } from '../expression/function-node.js'
import { isExpression, toExpression } from '../expression/node.js'
import { createSource, type RowOfColumns, type SourceOf, sourceInfo } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { Node } from '../tree/node.js'
import type { TypeDefinition } from '../types/definition.js'
import { type Family, type SqlType, UNKNOWN } from '../types/sql-type.js'
import { isQuery } from './compound.js'
import { RawSourceNode, RawStatementNode, rawSelection } from './raw-nodes.js'
import { type ColumnTypes, columnsOfTypes, type TypedColumns } from './values-source.js'

/** What may stand in `` sql`…${here}…` ``: an expression, a source, a query, a fragment, an identifier, or a value. */
type PartSources<A extends readonly unknown[]> = A[number] extends infer T
  ? T extends { readonly '~sources': infer S extends Reads; readonly '~value': unknown }
    ? S
    : T extends { readonly 'still needs': infer S extends Reads }
      ? S
      : T extends Fragment<infer S, string>
        ? S
        : never
  : never

/** The sources that stand among the parts, whose columns may be written there. */
type PartFrom<A extends readonly unknown[]> = A[number] extends infer T
  ? T extends { readonly '~sources': infer S extends string; readonly '~columns': unknown }
    ? S
    : T extends Fragment<Reads, infer S>
      ? S
      : never
  : never

/** What a statement of parts lacks. */
type PartNeeds<A extends readonly unknown[]> = Exclude<PartSources<A>, PartFrom<A>>

/**
 * A piece of SQL to be put into other raw SQL: no expression, and written without parentheses. `S` is what it reads,
 * `From` the sources that it names.
 */
export interface Fragment<out S extends Reads, out From extends string> extends Node {
  readonly '~reads': S
  readonly '~from': From
}

type PartNulledBy<A extends readonly unknown[]> = A[number] extends infer T
  ? T extends { readonly '~nulledBy': infer N extends string }
    ? N
    : never
  : never

/** A name in raw SQL, quoted; made by `sql.identifier`. */
export interface Identifier extends Node {
  readonly path: readonly string[]
}

/** What `sql` is: a tag, and the functions for what is more than an expression. */
export interface SqlTag {
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
   * A whole statement in raw SQL, for what has no builder. It returns no typed rows; see {@link SqlTag.query}. Columns may
   * be written of the sources that stand in it.
   * @example
   * ```ts
   * await db.run(sql.statement`update ${posts} set score = ${posts.score} + 1 where ${posts.id.eq(1n)}`)
   * ```
   */
  statement<const A extends readonly unknown[]>(
    texts: TemplateStringsArray,
    ...parts: A
  ): Statement<never, PartNeeds<A>>
  /**
   * A whole statement in raw SQL that returns rows: their keys and types, in the order in which the SQL has its columns.
   * @example
   * ```ts
   * const found = sql.query({ id: bigint().notNull(), mail: text() })`select ${users.id}, lower(email) from ${users} order by 1`
   * await db.first(found) // { id: 1n, mail: 'ann@x.org' }
   * ```
   */
  query<const C extends ColumnTypes>(
    columns: C,
  ): <const A extends readonly unknown[]>(
    texts: TemplateStringsArray,
    ...parts: A
  ) => Statement<RowOfColumns<TypedColumns<C>>, PartNeeds<A>>
  /**
   * A query in raw SQL as a source, under a name and with the columns that it has.
   * @example
   * ```ts
   * const words = sql.source('words', { n: integer().notNull() })`select length(email) as n from ${users}`
   * select(words.n).from(words).where(words.n.gt(3))
   * // select "words"."n" as "value" from (select length(email) as n from "users") as "words" where "words"."n" > $1
   * ```
   */
  source<const Name extends string, const C extends ColumnTypes>(
    name: Name,
    columns: C,
  ): <const A extends readonly unknown[]>(
    texts: TemplateStringsArray,
    ...parts: A
  ) => SourceOf<Name, TypedColumns<C>, PartNeeds<A>>
  /**
   * A piece of SQL that is no expression, to stand in other raw SQL as it is.
   * @example
   * ```ts
   * const locked = true
   * sql.statement`select ${users.id} from ${users} ${locked ? sql.fragment`order by ${users.id}` : sql.empty}`
   * // select "users"."id" from "users" order by "users"."id"
   * ```
   */
  fragment<const A extends readonly unknown[]>(
    texts: TemplateStringsArray,
    ...parts: A
  ): Fragment<PartSources<A>, PartFrom<A>>
  /** Nothing at all, where a piece of SQL is left out. */
  readonly empty: Fragment<never, never>
  /**
   * Expressions, values and fragments one after the other, with commas between or another separator. Raw expressions are
   * put in parentheses, unless commas separate them.
   *
   * Throws a `BuildError` for an empty list.
   * @example
   * ```ts
   * sql.statement`select ${sql.join([users.id, users.email])} from ${users}`
   * // select "users"."id", "users"."email" from "users"
   * sql(boolean())`${sql.join([users.orgId.eq(1), users.fullName.isNull()], sql.fragment` or `)}`
   * // ("users"."org_id" = $1) or ("users"."full_name" is null)
   * ```
   */
  join<const A extends readonly unknown[]>(
    parts: A,
    separator?: Fragment<never, never>,
  ): Fragment<PartSources<A>, PartFrom<A>>
  /**
   * A text as SQL, unchecked: whoever writes the text writes the statement. Never a text that comes from a user.
   * @example
   * ```ts
   * sql.statement`select ${users.id} from ${users} order by 1 ${sql.unsafe('desc')}`
   * // select "users"."id" from "users" order by 1 desc
   * ```
   */
  unsafe(text: string): Fragment<never, never>
}

type TypedTag<V, F extends Family> = <const A extends readonly unknown[]>(
  texts: TemplateStringsArray,
  ...parts: A
) => Typed<F, V, PartSources<A>, PartNulledBy<A>>

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
  const kind = typeof part === 'object' && part !== null ? (part as Partial<Node>).kind : undefined
  if (kind === 'identifier' || kind === 'fragment') return part as Node
  if (Array.isArray(part)) {
    throw new BuildError(
      'invalid_part',
      `Part ${at + 1} of this sql is an array. For a list write column.in([…]) or sql.join([…]).`,
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

const COMMA: Fragment<never, never> = /* @__PURE__ */ fragment([', '], [])

function fragment(texts: readonly string[], parts: readonly Node[]): Fragment<never, never> {
  return new FragmentNode(texts, parts) as unknown as Fragment<never, never>
}

function requireTemplate(name: string, texts: unknown): asserts texts is TemplateStringsArray {
  if (!isTemplate(texts)) {
    throw new BuildError('invalid_sql', `sql.${name} is a tag: write sql.${name}\`…\`.`)
  }
}

function fragmentOf(name: string, texts: unknown, parts: readonly unknown[]): FragmentNode {
  requireTemplate(name, texts)
  const { texts: written, parts: nodes } = rawNode(texts, parts, UNKNOWN)
  return new FragmentNode(written, nodes)
}

function requireColumns(name: string, columns: unknown): asserts columns is ColumnTypes {
  if (typeof columns === 'object' && columns !== null && Object.keys(columns).length > 0) return
  throw new BuildError(
    'invalid_column',
    `sql.${name}(…) takes the types of the columns, such as { id: integer() }, not ${excerpt(columns)}.`,
  )
}

function joined(parts: readonly unknown[], separator: Fragment<never, never> = COMMA): FragmentNode {
  if (!Array.isArray(parts) || parts.length === 0) {
    throw new BuildError(
      'invalid_part',
      `sql.join(…) takes a list of at least one part, not ${excerpt(parts)}. For a list that may be empty write sql.empty in its place.`,
    )
  }
  if (separator.kind !== 'fragment') {
    throw new BuildError(
      'invalid_part',
      `sql.join(…, ${excerpt(separator)}): the separator is SQL, such as sql.fragment\` and \`.`,
    )
  }
  const nodes = parts.flatMap((part, i) => {
    const node = toPart(part, i)
    const bare = separator === COMMA && node.kind === 'raw' ? new FragmentNode(...rawParts(node)) : node
    return i === 0 ? [bare] : [separator, bare]
  })
  return new FragmentNode(
    nodes.map(() => ''),
    nodes,
  )
}

function rawParts(node: Node): [texts: readonly string[], parts: readonly Node[]] {
  const { texts, parts } = node as RawNode
  return [texts, parts]
}

/** Raw SQL, safely: see the call signatures. */
export const sql: SqlTag = /* @__PURE__ */ Object.assign(tag as SqlTag, {
  identifier: (...path: readonly [string, ...string[]]): Identifier => new IdentifierNode(path),
  statement: (texts: TemplateStringsArray, ...parts: readonly unknown[]) => {
    requireTemplate('statement', texts)
    return new RawStatementNode(rawNode(texts, parts, UNKNOWN)) as unknown as never
  },
  query: (columns: ColumnTypes) => {
    requireColumns('query', columns)
    return (texts: TemplateStringsArray, ...parts: readonly unknown[]) => {
      requireTemplate('query(…)', texts)
      return new RawStatementNode(rawNode(texts, parts, UNKNOWN), rawSelection(columns)) as unknown as never
    }
  },
  source: (name: string, columns: ColumnTypes) => {
    requireColumns('source', columns)
    return (texts: TemplateStringsArray, ...parts: readonly unknown[]) => {
      const node = new RawSourceNode(fragmentOf('source(…)', texts, parts), name)
      return createSource({ node, columns: columnsOfTypes(node, columns) }) as never
    }
  },
  fragment: (texts: TemplateStringsArray, ...parts: readonly unknown[]) =>
    fragmentOf('fragment', texts, parts) as unknown as never,
  empty: /* @__PURE__ */ fragment([''], []),
  join: (parts: readonly unknown[], separator?: Fragment<never, never>) =>
    joined(parts, separator) as unknown as never,
  unsafe: (text: string) => {
    if (typeof text === 'string') return fragment([text], [])
    throw new BuildError('invalid_sql', `sql.unsafe(…) takes a text, not ${excerpt(text)}.`)
  },
})
