import {
  type AddColumnNode,
  type AddConstraintNode,
  type AlterColumnNode,
  type CheckNode,
  type Dialect,
  ddlText,
  type ForeignKeyNode,
  isMeantFor,
  type StatementNode,
  type Transaction,
  type UniqueNode,
} from '@espalier/core'
import { MigrationError } from '../errors.js'
import { type EditedTable, typeText } from './edit.js'
import { numberOf, quoted, rowsOf, type StoredTable, sameName } from './stored.js'

/**
 * Refuses changes that rows of a table do not fit, before anything is changed, by an error that says how many there are: a
 * column that is never null without a value, nulls, values that are not of a new type, rows that a check, a key or a
 * reference would refuse.
 */
export async function requireFit(
  tx: Transaction,
  stored: StoredTable,
  edited: EditedTable,
  changes: readonly StatementNode[],
  dialect: Dialect,
): Promise<void> {
  const path = quoted(stored.schema, stored.name)
  const rows = await rowsOf(tx, path)
  if (rows === 0) return
  const columns = sourcesOf(stored, edited)
  const count = async (condition: string) => numberOf(tx, `select count(*) from ${path} where ${condition}`)
  const refuse = (n: number, why: string, instead: string) => {
    if (n === 0) return
    const amount = n === 1 ? '1 row' : `${n} rows`
    throw new MigrationError(
      'rows_do_not_fit',
      `${amount} of ${quoted(stored.name)} ${n === 1 ? 'does' : 'do'} not fit: ${why}. ${instead} Nothing was changed.`,
    )
  }
  for (const change of changes) {
    if (change.kind === 'addColumn') {
      const { column, constraints } = change as AddColumnNode
      const isRequired = column.notNull || constraints.some(({ kind }) => kind === 'primaryKey')
      if (
        isRequired &&
        column.defaultValue === undefined &&
        column.generated === undefined &&
        column.identity === undefined
      )
        refuse(
          rows,
          `the new column ${quoted(column.name)} is not null and has no default`,
          'Give it a default; or add it nullable, fill it, and alter it then.',
        )
      continue
    }
    if (change.kind === 'alterColumn') {
      const { action, column, type, expression } = change as AlterColumnNode
      const from = columns.get(column)
      if (from === undefined) continue
      if (action === 'set not null')
        refuse(await count(`(${from}) is null`), `${quoted(column)} is null`, 'Give them a value first.')
      if (action === 'type' && expression === undefined && type !== undefined) {
        const misfit = misfitOf(from, typeText(change as AlterColumnNode, edited.create, dialect), edited)
        if (misfit !== undefined)
          refuse(
            await count(misfit),
            `${quoted(column)} has values that are not of the new type`,
            'Say what becomes of them by using, or change them first.',
          )
      }
      continue
    }
    if (change.kind !== 'addConstraint') continue
    const { constraint } = change as AddConstraintNode
    if (!isMeantFor(dialect, constraint.onlyOn)) continue
    // Where its columns are new or become others, SQLite itself refuses what does not fit.
    const known =
      'columns' in constraint
        ? constraint.columns.every((one) => columns.get(one) === quoted(one))
        : columns.isSame
    if (!known) continue
    const named = `the constraint ${quoted(constraint.name)}`
    if (constraint.kind === 'check') {
      const predicate = ddlText((constraint as CheckNode).predicate, dialect)
      refuse(await count(`not (${predicate})`), `${named} is not true of them`, 'Change them first.')
    } else if (constraint.kind === 'unique' || constraint.kind === 'primaryKey') {
      const keys = (constraint as UniqueNode).columns.map((one) => quoted(one)).join(', ')
      const nulls = (constraint as UniqueNode).columns
        .map((one) => `${quoted(one)} is not null`)
        .join(' and ')
      const n = await numberOf(
        tx,
        `select coalesce(sum(n - 1), 0) from (select count(*) as n from ${path} where ${nulls} group by ${keys} having count(*) > 1)`,
      )
      refuse(n, `${named} is of values that others have too`, 'Change or delete them first.')
    } else if (constraint.kind === 'foreignKey') {
      const { columns: own, target, targetColumns } = constraint as ForeignKeyNode
      const parent = quoted(stored.schema, target.name)
      const nulls = own.map((one) => `child.${quoted(one)} is not null`).join(' and ')
      const equal = own
        .map((one, i) => `parent.${quoted(targetColumns[i] as string)} = child.${quoted(one)}`)
        .join(' and ')
      const n = await numberOf(
        tx,
        `select count(*) from ${path} as child where ${nulls} and not exists (select 1 from ${parent} as parent where ${equal})`,
      )
      refuse(
        n,
        `by ${named} they would refer to nothing in ${quoted(target.name)}`,
        'Change or delete them first.',
      )
    }
  }
}

interface Sources {
  get(name: string): string | undefined
  /** Whether all columns are as they were. */
  readonly isSame: boolean
}

/** Where the values of columns come from; undefined for new ones. */
function sourcesOf({ create }: StoredTable, { columns }: EditedTable): Sources {
  return {
    get: (name) => columns.find((one) => sameName(one.name, name))?.from,
    isSame:
      create.columns.every(({ name: { name } }) =>
        columns.some((one) => sameName(one.name, name) && one.from === quoted(name)),
      ) && columns.every((one) => one.from !== undefined),
  }
}

/** The condition for values that a type does not keep as what they are; by https://www.sqlite.org/datatype3.html#type_affinity */
function misfitOf(value: string, type: string, { create }: EditedTable): string | undefined {
  const upper = type.toUpperCase()
  const number = `cast((${value}) as numeric)`
  const isNumber = `(typeof(${value}) in ('integer', 'real') or typeof(${value}) = 'text' and ${number} = (${value}))`
  const misfit = (fits: string) => `(${value}) is not null and not (${fits})`
  if (upper.includes('INT')) return misfit(`${isNumber} and ${number} = cast((${value}) as integer)`)
  if (/CHAR|CLOB|TEXT/.test(upper)) return misfit(`typeof(${value}) <> 'blob'`)
  if (upper.startsWith('BLOB')) return create.strict ? misfit(`typeof(${value}) = 'blob'`) : undefined
  return misfit(isNumber)
}
