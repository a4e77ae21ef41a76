import {
  AddConstraintNode,
  type AnyTable,
  type Columns,
  type ConstraintNode,
  constraintsOf,
  DropConstraintNode,
  excerpt,
  isMeantFor,
  RenameInTableNode,
  type TableExtra,
  type TableSource,
  ValidateConstraintNode,
} from '@espalier/core'
import { MigrationError } from '../errors.js'
import { displayName, displayTable } from './describe.js'
import type { Operation } from './operation.js'
import { tableOperation } from './table-operation.js'
import { definedTableNode, type TableReference, tableNode } from './table-reference.js'

/** Constraints of a table: `(t) => unique(t.email)`, or an array of such. */
export type ConstraintsOf<Name extends string, C> = (
  table: Columns<Name, C>,
) => TableExtra | readonly TableExtra[]

interface DefinedConstraints {
  readonly table: AnyTable
  readonly constraints: (table: never) => TableExtra | readonly TableExtra[]
}

/**
 * Adds constraints to a table, or one: keys, checks, foreign keys, exclude constraints. Reversed by dropping them. With
 * `notValid`, PostgreSQL does not look at the rows that are there, until {@link validateConstraint}.
 *
 * PostgreSQL: `alter table … add constraint …` · SQLite: the table is made anew with it, or 3.53 adds a check by itself; rows
 * that do not fit are counted first, and refused.
 * @example
 * ```ts
 * addConstraint(users, (t) => unique(t.email))
 * // PostgreSQL: alter table "users" add constraint "users_email_key" unique ("email")
 * addConstraint(posts, (t) => [check(t.score.gte(0)).with({ notValid: true }), foreignKey([t.authorId], () => [users.id])])
 * ```
 */
export function addConstraint<const Name extends string, const C>(
  table: TableSource<Name, C>,
  constraints: ConstraintsOf<Name, C>,
): Operation {
  return adding(defined('addConstraint', table, constraints))
}

/**
 * Drops constraints of a table. Given their definitions it is reversed by adding them; given a name alone it is irreversible.
 * @example
 * ```ts
 * dropConstraint(users, (t) => unique(t.email)) // PostgreSQL: alter table "users" drop constraint "users_email_key"
 * dropConstraint('users', 'users_email_key') // the same, irreversible
 * ```
 */
export function dropConstraint(table: TableReference, name: string): Operation
export function dropConstraint<const Name extends string, const C>(
  table: TableSource<Name, C>,
  constraints: ConstraintsOf<Name, C>,
): Operation
export function dropConstraint(table: TableReference, given: unknown): Operation {
  if (typeof given !== 'string') return dropping(defined('dropConstraint', table as AnyTable, given))
  const node = tableNode('dropConstraint', table)
  return tableOperation({
    kind: 'dropConstraint',
    description: `drop constraint ${displayName(given)} of ${displayTable(node)}`,
    table: node,
    changes: () => [new DropConstraintNode(node, given, false)],
    reverse: () => ({
      irreversible:
        'only the name of the constraint is given; give its table and definition to make this reversible: ' +
        'dropConstraint(users, (t) => unique(t.email))',
    }),
    call: ['dropConstraint', table, given],
  })
}

/**
 * Looks at the rows of a table whose constraint was added as `notValid`, while others write. Nothing undoes it, and nothing
 * needs to.
 *
 * PostgreSQL: `alter table "posts" validate constraint "posts_score_check"` · SQLite: nothing, since a constraint holds there
 * from the beginning
 */
export function validateConstraint(table: TableReference, name: string): Operation {
  const node = tableNode('validateConstraint', table)
  return tableOperation({
    kind: 'validateConstraint',
    description: `validate constraint ${displayName(name)} of ${displayTable(node)}`,
    table: node,
    changes: (dialect) => (dialect.lacks.validation ? [] : [new ValidateConstraintNode(node, name)]),
    reverse: () =>
      nothing(`what was validated of ${displayTable(node)} stays so`, () => validateConstraint(table, name)),
    call: ['validateConstraint', table, name],
  })
}

/** Gives a constraint another name. Reversed by giving it the old one. On SQLite, the table is made anew with it. */
export function renameConstraint(table: TableReference, name: string, newName: string): Operation {
  const node = tableNode('renameConstraint', table)
  return tableOperation({
    kind: 'renameConstraint',
    description: `rename constraint ${displayName(name)} of ${displayTable(node)} to ${displayName(newName)}`,
    table: node,
    changes: () => [new RenameInTableNode(node, 'constraint', name, newName)],
    reverse: () => renameConstraint(table, newName, name),
    call: ['renameConstraint', table, name, newName],
  })
}

/** An operation that does nothing, in place of one that needs not be undone. */
export function nothing(description: string, reverse: () => Operation): Operation {
  return { kind: 'nothing', description, statements: () => [], reverse }
}

function adding(added: DefinedConstraints): Operation {
  const node = definedTableNode('addConstraint', added.table)
  return tableOperation({
    kind: 'addConstraint',
    get description() {
      return `add ${named('addConstraint', added)} to ${displayTable(node)}`
    },
    table: node,
    changes: (dialect) =>
      nodesOf('addConstraint', added)
        .filter(({ onlyOn }) => isMeantFor(dialect, onlyOn))
        .map((one) => new AddConstraintNode(node, one)),
    reverse: () => dropping(added),
    call: ['addConstraint', added.table, added.constraints],
  })
}

function dropping(dropped: DefinedConstraints): Operation {
  const node = definedTableNode('dropConstraint', dropped.table)
  return tableOperation({
    kind: 'dropConstraint',
    get description() {
      return `drop ${named('dropConstraint', dropped)} of ${displayTable(node)}`
    },
    table: node,
    changes: (dialect) =>
      nodesOf('dropConstraint', dropped)
        .filter(({ onlyOn }) => isMeantFor(dialect, onlyOn))
        .toReversed()
        .map(({ name }) => new DropConstraintNode(node, name, false)),
    reverse: () => adding(dropped),
    call: ['dropConstraint', dropped.table, dropped.constraints],
  })
}

function defined(operation: string, table: AnyTable, constraints: unknown): DefinedConstraints {
  definedTableNode(operation, table)
  if (typeof constraints === 'function')
    return { table, constraints: constraints as DefinedConstraints['constraints'] }
  throw new MigrationError(
    'invalid_operation',
    `${operation} takes the constraint as a function of its table, (t) => unique(t.email), not ${excerpt(constraints)}.`,
  )
}

function nodesOf(operation: string, { table, constraints }: DefinedConstraints): readonly ConstraintNode[] {
  let extras: readonly TableExtra[] = []
  const nodes = constraintsOf(table, (t) => {
    extras = [constraints(t as never)].flat()
    return extras
  })
  const isOne = (extra: TableExtra | undefined) =>
    extra !== undefined && !['index', 'generated', 'partitionBy', 'notNull'].includes(extra.extra)
  if (extras.length === 0 || !extras.every(isOne)) {
    throw new MigrationError(
      'invalid_operation',
      `${operation} on ${displayTable(definedTableNode(operation, table))} takes a function that returns unique(…), primaryKey(…), check(…), ` +
        'foreignKey(…) or exclude(…), or an array of them.',
    )
  }
  return nodes
}

function named(operation: string, given: DefinedConstraints): string {
  const names = nodesOf(operation, given).map(({ name }) => displayName(name))
  return `${names.length === 1 ? 'constraint' : 'constraints'} ${names.join(', ')}`
}
