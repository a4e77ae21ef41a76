import { BuildError, excerpt } from '../errors.js'
import type { Expression, MadeOfParts, Reads } from '../expression/expression.js'
import { quoteIdentifier } from '../expression/identifier.js'
import { ExpressionNode } from '../expression/node.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import { nestedType, VALUES_PER_ARRAY } from '../types/nested.js'
import { type SqlType, storedAs } from '../types/sql-type.js'
import { absentNames } from './absent.js'
import { derivedColumns, isQuery, type QueryNode, SubqueryNode } from './compound.js'
import type { Selecting } from './query.js'
import { readQuery } from './read-query.js'
import type { SelectNode } from './select.js'
import type { Shape } from './selection.js'
import type { Row } from './shape.js'

/** The rows of a query as one value: an array of them in JSON, each an array of its values. */
export class NestNode extends ExpressionNode {
  static readonly fields: Fields<NestNode> = { query: 'child', isOne: 'data' }
  readonly type: SqlType
  constructor(
    readonly query: QueryNode,
    /** Whether there is one row at most; without any, the value is NULL. */
    readonly isOne: boolean,
  ) {
    super('nest')
    const { outputs, labels, shape } = query.selection
    const types = outputs.map((output) => output.type)
    this.type = nestedType({ types, labels, shape, absent: absentIn(query), isOne })
  }
  override write(to: Writer): void {
    const row = nestedRow(this, 'json_build_array', inJson)
    to.text(
      this.isOne
        ? `(select json_agg(${row}) from (`
        : `(select coalesce(json_agg(${row}), '[]'::json) from (`,
    )
    to.nested(readQuery(this.query, to))
    to.text(') as "nested")')
  }
}

/** A row as an array, in as many calls as its values need; `inJson` writes the value of a column. */
export function nestedRow(
  { query }: NestNode,
  callee: string,
  inJson: (column: string, type: SqlType) => string,
): string {
  const { outputs, labels } = query.selection
  const values = outputs.map(({ type }, i) => inJson(quoteIdentifier(labels[i] as string), type))
  if (values.length <= VALUES_PER_ARRAY) return `${callee}(${values.join(', ')})`
  const parts: string[] = []
  for (let i = 0; i < values.length; i += VALUES_PER_ARRAY) {
    parts.push(`${callee}(${values.slice(i, i + VALUES_PER_ARRAY).join(', ')})`)
  }
  return `${callee}(${parts.join(', ')})`
}

/** Types whose values JSON holds as they are. All others are the text that the database would send by itself. */
const SAME =
  /^(integer|count|real|double|boolean|text|varchar|char|uuid|date|timestamp|timestamptz|nested json)$/

function inJson(column: string, type: SqlType): string {
  const { name } = storedAs(type)
  if (SAME.test(name)) return column
  if (name !== 'unknown') return `${column}::text`
  return `case when ${column} is not null then json_build_array(pg_typeof(${column})::oid::bigint, ${column}::text) end`
}

/** The sources whose rows a row may lack: by a join of the query, or of one around it that it takes whole rows from. */
function absentIn(query: QueryNode): readonly string[] {
  const absent = new Set(absentNames(query))
  const own = ownNames(query)
  const add = (shape: Shape | undefined): void => {
    if (typeof shape !== 'object') return
    const { presence, fields } = shape
    if (presence !== undefined && !own.includes(presence.source)) absent.add(presence.source)
    fields.forEach(add)
  }
  add(query.selection.shape)
  return [...absent]
}

function ownNames(query: QueryNode): readonly string[] {
  if (query.kind === 'compound') {
    const { left, right } = query as unknown as Readonly<Record<'left' | 'right', QueryNode>>
    return [...ownNames(left), ...ownNames(right)]
  }
  const { source, joins } = query as SelectNode
  return [source, ...joins.map((join) => join.source)].flatMap((one) => one?.name ?? [])
}

/**
 * The rows of a query within those of another: an expression without operators, to be selected. Of the sources that it
 * lacks it may take whole rows and columns, which are null where an outer join leaves them out.
 */
export type Nested<V, WithNulls, Needs extends Reads> = Expression<V, Needs, Extract<Needs, string>, 'rows'> &
  MadeOfParts<WithNulls>

/** Rows within rows, in one query: see {@link nest.many} and {@link nest.one}. */
export const nest = {
  /**
   * All rows of a query, as an array in each row of the query around it, whose sources it may use; empty if it has none.
   * They are in the order of the query, and their values are what they are at the top: dates, bigints, bytes, decimals as
   * texts, whole tables that may be absent, and further nested rows. It may have every clause that a select has.
   *
   * The rows travel as JSON, without their keys. Nothing compares them or computes with them; they may be selected again
   * from a subquery or a CTE.
   * @example
   * ```ts
   * const written = select({ id: posts.id, title: posts.title }).from(posts)
   *   .where(posts.authorId.eq(users.id)).orderBy(posts.id).limit(3)
   * select({ email: users.email, posts: nest.many(written) }).from(users)
   * // PostgreSQL: select "users"."email", (select coalesce(json_agg(json_build_array("id"::text, "title")), '[]'::json)
   * //   from (select "posts"."id", "posts"."title" from "posts" where "posts"."author_id" = "users"."id"
   * //   order by "posts"."id" limit $1) as "nested") as "posts" from "users"
   * // SQLite: select "users"."email", (select json_group_array(json_array(cast("id" as text), "title"))
   * //   from (select "posts"."id", "posts"."title" from "posts" where "posts"."author_id" = "users"."id"
   * //   order by "posts"."id" limit ?)) as "posts" from "users"
   * ```
   */
  many<P, Nulled extends string, Needs extends Reads>(
    query: Selecting<P, Nulled, Needs>,
  ): Nested<Row<P, Nulled>[], Row<P, Nulled | Extract<Needs, string>>[], Needs> {
    return nested('nest.many', query, false) as never
  },

  /**
   * The only row of a query in each row of the query around it, or null if it has none. Otherwise as {@link nest.many}.
   *
   * Throws a `TooManyRowsError`, when the rows are read, where there are several.
   * @example
   * ```ts
   * const org = select({ name: orgs.name }).from(orgs).where(orgs.id.eq(users.orgId))
   * select({ email: users.email, org: nest.one(org) }).from(users)
   * // PostgreSQL: select "users"."email", (select json_agg(json_build_array("name")) from (select "orgs"."name" from "orgs"
   * //   where "orgs"."id" = "users"."org_id") as "nested") as "org" from "users"
   * // SQLite: select "users"."email", (select nullif(json_group_array(json_array("name")), '[]') from (select
   * //   "orgs"."name" from "orgs" where "orgs"."id" = "users"."org_id")) as "org" from "users"
   * ```
   */
  one<P, Nulled extends string, Needs extends Reads>(
    query: Selecting<P, Nulled, Needs>,
  ): Nested<Row<P, Nulled> | null, Row<P, Nulled | Extract<Needs, string>> | null, Needs> {
    return nested('nest.one', query, true) as never
  },
}

function nested(place: string, query: unknown, isOne: boolean): NestNode {
  if (!isQuery(query)) {
    throw new BuildError(
      'invalid_query',
      `${place}(…) takes a select, not ${(query as Partial<Node> | null)?.kind ?? excerpt(query)}.`,
    )
  }
  // Its columns must be told apart, as those of any query in FROM.
  derivedColumns(new SubqueryNode(query, place), query.selection)
  return new NestNode(query, isOne)
}
