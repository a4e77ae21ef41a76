import { BuildError, excerpt } from '../errors.js'
import type { Predicate, Typed } from '../expression/expression.js'
import { type ExpressionNode, requirePredicate } from '../expression/node.js'
import { type ColumnBuilder, column } from '../schema/column.js'
import type { StatementNode } from '../statement/statement-node.js'
import type { TypeDefinition } from '../types/definition.js'
import { DomainCodec, domainType } from '../types/domain.js'
import { refuseWrapped } from '../types/mapped.js'
import { type Family, OWN } from '../types/sql-type.js'
import { CreateDomainNode, DomainValueNode, DropDomainNode } from './domain-nodes.js'
import { type DdlStatement, ddl } from './statement.js'

/** A type under a name of its own: called, it makes a column, and it is a type wherever one is asked for. */
export interface DomainType<out V, out F extends Family> extends TypeDefinition<V, F> {
  /** A column of the type; the name is the column's, if it differs from its key. */
  (name?: string): ColumnBuilder<V, F>
}

/** What a {@link domain} asks of its values. */
export interface DomainOptions<V, F extends Family> {
  /** What every value must fulfil, given the value as an expression. */
  readonly check?: (value: Typed<F, NonNullable<V>, never, never>) => Predicate<never>
}

/**
 * A type under a name of its own in the database, with a check that its values must fulfil: the same wherever it is used.
 * Its values are those of the type that it is made of. The database makes the check: a value that does not fulfil it is a
 * `CheckViolation`.
 *
 * PostgreSQL: a domain, which {@link createDomain} makes · SQLite: the type itself, with the check at the column
 *
 * Throws a `BuildError` for no name, no type, or a check that is no predicate.
 * @example
 * ```ts
 * const email = domain('email', text(), { check: (value) => value.like('%@%') })
 * const people = table('people', { id: integer().primaryKey(), email: email().notNull() })
 * people.email.eq('ann@x.org') // "people"."email" = $1
 * ```
 */
export function domain<V, F extends Family>(
  name: string,
  type: TypeDefinition<V, F>,
  options: DomainOptions<V, F> = {},
): DomainType<V, F> {
  const base = type?.sqlType
  if (typeof name !== 'string' || name === '' || base === undefined) {
    throw new BuildError(
      'invalid_type',
      `domain takes a name and a type such as text(), not ${excerpt([name, type])}.`,
    )
  }
  refuseWrapped(`domain('${name}', …)`, base)
  const { check } = options
  const checkOf = (column?: string): ExpressionNode | undefined =>
    check &&
    requirePredicate(`check of domain('${name}', …)`, check(new DomainValueNode(column, base) as never))
  const codec = new DomainCodec(base, name, checkOf, () => new CreateDomainNode(name, base, checkOf()))
  // A check that is none is told here, and not when the table is created.
  checkOf()
  const sqlType = domainType(codec)
  const make = (columnName?: string) => column<V, F>(sqlType, columnName)
  return Object.assign(make, { sqlType }) as unknown as DomainType<V, F>
}

/**
 * Creates a domain, before the tables that use it. SQLite refuses it, since the columns have checks there;
 * {@link createAll} knows.
 * @example
 * ```ts
 * createDomain(domain('email', text(), { check: (value) => value.like('%@%') }))
 * // PostgreSQL: create domain "email" as text check (value like '%@%')
 * ```
 */
export function createDomain(type: DomainType<unknown, Family>): DdlStatement {
  return ddl(codecOf(type).create() as StatementNode)
}

/** Drops a domain, behind the tables that use it: `drop domain "email"`. SQLite refuses it. */
export function dropDomain(
  type: DomainType<unknown, Family>,
  options: { readonly ifExists?: boolean } = {},
): DdlStatement {
  return ddl(new DropDomainNode(codecOf(type).domain, options.ifExists === true))
}

function codecOf(type: DomainType<unknown, Family>): DomainCodec {
  const codec = type?.sqlType?.[OWN] as DomainCodec | undefined
  if (codec?.domain !== undefined) return codec
  throw new BuildError(
    'invalid_type',
    `createDomain and dropDomain take what domain(…) made, not ${excerpt(type)}.`,
  )
}
