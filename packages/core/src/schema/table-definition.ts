import { BuildError, excerpt } from '../errors.js'
import type { Columns } from '../expression/source.js'
import type { TableExtra } from './constraint.js'
import type { DeclaredTable } from './declaration.js'
import type { ConstraintNode, TableDefinition } from './definition.js'
import { resolveDefinition } from './resolve.js'
import { declarationOf, type TableSource } from './table.js'

/** Made only when asked for: a table may refer to one that is declared later. */
const definitions = new WeakMap<DeclaredTable, TableDefinition>()

/**
 * All that the schema says of a table: columns, constraints, indexes, with every name made. `extras` stand in place of
 * the constraints and indexes that were declared behind the columns: those to be added to a table that exists.
 * @example
 * ```ts
 * tableDefinition(users).constraints.map((constraint) => constraint.name) // ['users_pkey', …]
 * tableDefinition(users, (t) => [index(t.email)]).indexes.map((index) => index.name) // ['users_email_idx']
 * ```
 */
export function tableDefinition<Name extends string, C>(
  source: TableSource<Name, C>,
  extras?: (table: Columns<Name, C>) => readonly TableExtra[],
): TableDefinition {
  const declared = declarationOf(source)
  if (declared === undefined) {
    throw new BuildError(
      'not_a_table',
      `tableDefinition takes a table made by table(…), not ${excerpt(source)}.`,
    )
  }
  if (extras !== undefined) {
    const computed = declared.extras.filter(({ extra }) => extra === 'generated' || extra === 'notNull')
    return resolveDefinition({
      ...declared,
      extras: [...computed, ...extras(source as unknown as Columns<Name, C>)],
    })
  }
  let known = definitions.get(declared)
  if (known === undefined) {
    known = resolveDefinition(declared)
    definitions.set(declared, known)
  }
  return known
}

/**
 * Constraints of a table by themselves, with their names made, as if the table had no others: to be added to it or dropped.
 * @example
 * ```ts
 * constraintsOf(users, (t) => [unique(t.email)]).map(({ name }) => name) // ['users_email_key']
 * ```
 */
export function constraintsOf<Name extends string, C>(
  source: TableSource<Name, C>,
  extras: (table: Columns<Name, C>) => readonly TableExtra[],
): readonly ConstraintNode[] {
  const declared = declarationOf(source)
  if (declared === undefined) {
    throw new BuildError(
      'not_a_table',
      `constraintsOf takes a table made by table(…), not ${excerpt(source)}.`,
    )
  }
  const computed = declared.extras.filter(({ extra }) => extra === 'generated' || extra === 'notNull')
  const bare = Object.entries(declared.options).map(([key, options]) => [
    key,
    { ...options, primaryKey: false, unique: false, reference: undefined },
  ])
  return resolveDefinition({
    ...declared,
    options: Object.fromEntries(bare),
    extras: [...computed, ...extras(source as unknown as Columns<Name, C>)],
  }).constraints
}
