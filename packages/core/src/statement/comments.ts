import { BuildError, excerpt } from '../errors.js'
import type { ExpressionNode } from '../expression/node.js'
import { isExpression } from '../expression/node.js'
import type { AnyExpression } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import { type Clause, ClauseNode, Rank } from './clauses.js'

/** Text within a comment: never its end or the beginning of another, and in one line. */
function harmless(text: string): string {
  return text.replace(/[\0-\x1f\x7f\p{Surrogate}]/gu, ' ').replace(/\*(?=\/)|\/(?=\*)/g, '$& ')
}

/** A comment behind a statement. */
export class CommentNode extends ClauseNode {
  static readonly fields: Fields<CommentNode> = { text: 'data' }
  constructor(readonly text: string) {
    super('comment', Rank.comment)
  }
  write(to: Writer): void {
    to.text(` /* ${harmless(this.text)} */`)
  }
}

/** Tags behind a statement, in the form of sqlcommenter. */
export class TagsNode extends ClauseNode {
  static readonly fields: Fields<TagsNode> = { tags: 'data' }
  constructor(readonly tags: Readonly<Record<string, string>>) {
    super('tags', Rank.tags)
  }
  write(to: Writer): void {
    const pairs = Object.entries(this.tags)
      .map(([key, value]) => `${encoded(key)}='${encoded(value)}'`)
      .sort()
    if (pairs.length > 0) to.text(` /*${pairs.join(',')}*/`)
  }
}

/** https://google.github.io/sqlcommenter/spec/ */
function encoded(text: string): string {
  // Half of a surrogate pair is no character, and has no code.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** A hint for the planner, in front of what is selected. */
export class HintNode extends ClauseNode {
  static readonly fields: Fields<HintNode> = { text: 'data' }
  constructor(readonly text: string) {
    super('hint', Rank.hint)
  }
  override among(_clauses: readonly ClauseNode[], query: Node): void {
    requireSelect('hint', query)
  }
  write(to: Writer): void {
    to.text(`/*+ ${harmless(this.text)} */ `)
  }
}

/** Raw SQL behind `select`. */
export class PrefixNode extends ClauseNode {
  static readonly fields: Fields<PrefixNode> = { raw: 'child' }
  constructor(readonly raw: ExpressionNode) {
    super('prefix', Rank.prefix)
  }
  override among(_clauses: readonly ClauseNode[], query: Node): void {
    requireSelect('prefix', query)
  }
  write(to: Writer): void {
    to.visit(this.raw)
    to.text(' ')
  }
}

/** Raw SQL behind all other clauses of a query. */
export class SuffixNode extends ClauseNode {
  static readonly fields: Fields<SuffixNode> = { raw: 'child' }
  constructor(readonly raw: ExpressionNode) {
    super('suffix', Rank.suffix)
  }
  write(to: Writer): void {
    to.text(' ')
    to.visit(this.raw)
  }
}

function requireSelect(place: string, query: Node): void {
  if (query.kind === 'select') return
  throw new BuildError('invalid_clause', `${place}(…) belongs to a select, not to a ${query.kind}.`)
}

function requireText(place: string, text: unknown): string {
  if (typeof text === 'string') return text
  throw new BuildError('invalid_argument', `${place}(…) takes a text, not ${excerpt(text)}.`)
}

function requireRaw(place: string, raw: unknown): ExpressionNode {
  if (isExpression(raw) && raw.kind === 'raw') return raw
  throw new BuildError('invalid_argument', `${place}(…) takes raw SQL, sql\`…\`, not ${excerpt(raw)}.`)
}

/**
 * A comment that goes with a query or a write to the database and its logs; for `.add(…)`. The text cannot end the comment,
 * whatever it is. A statement of another comment is prepared anew, so keep it to what is the same each time.
 * @example
 * ```ts
 * const { sql: text } = select(users.id).from(users).add(comment('nightly report')).toSQL(db.dialect)
 * text.includes('from "users" /* nightly report ') // true
 * const write = deleteFrom(posts).where(posts.id.eq(1n)).add(comment('cleanup')).toSQL(postgresDialect)
 * write.sql.startsWith('delete from "posts" where "posts"."id" = $1 /* cleanup ') // true
 * ```
 */
export function comment(text: string): Clause<never, 'statement'> {
  return new CommentNode(requireText('comment', text)) as unknown as Clause<never, 'statement'>
}

/**
 * Tags that tell where a query or a write comes from, in the form that sqlcommenter and its readers know; for `.add(…)`.
 * @example
 * ```ts
 * const tagged = select(users.id).from(users).add(tags({ route: '/users', action: 'list' }))
 * tagged.toSQL(db.dialect).sql.includes(`from "users" /*action='list',route='%2Fusers'`) // true
 * ```
 */
export function tags(values: Readonly<Record<string, string>>): Clause<never, 'statement'> {
  for (const [key, value] of Object.entries(values)) requireText(`tags: ${key}`, value)
  return new TagsNode({ ...values }) as unknown as Clause<never, 'statement'>
}

/**
 * A hint for an extension such as pg_hint_plan, as a comment behind `select`; for `.add(…)`. Databases that know no
 * hints take it for a comment.
 * @example
 * ```ts
 * const hinted = select(users.id).from(users).add(hint('SeqScan(users)'))
 * hinted.toSQL(db.dialect).sql.startsWith('select /*+ SeqScan(users) ') // true
 * ```
 */
export function hint(text: string): Clause<never, 'select'> {
  return new HintNode(requireText('hint', text)) as unknown as Clause<never, 'select'>
}

/** Raw SQL right behind `select`, for what a database has there and no builder; for `.add(…)`. */
export function prefix<E extends AnyExpression>(raw: E): Clause<E['~sources'], 'select'> {
  return new PrefixNode(requireRaw('prefix', raw)) as unknown as Clause<E['~sources'], 'select'>
}

/**
 * Raw SQL behind all other clauses of a query; for `.add(…)`.
 * @example
 * ```ts
 * select(users.id).from(users).add(suffix(sql`for update`)).toSQL(postgresDialect).sql
 * // 'select "users"."id" as "value" from "users" for update'
 * ```
 */
export function suffix<E extends AnyExpression>(raw: E): Clause<E['~sources'], 'query'> {
  return new SuffixNode(requireRaw('suffix', raw)) as unknown as Clause<E['~sources'], 'query'>
}
