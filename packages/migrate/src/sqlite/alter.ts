import {
  type AddColumnNode,
  type AddConstraintNode,
  type AlterColumnNode,
  type ConstraintNode,
  type Dialect,
  type DropColumnNode,
  type DropConstraintNode,
  type DropIndexNode,
  ddl,
  isMeantFor,
  type RenameInTableNode,
  type StatementNode,
  TableNode,
  type Transaction,
  UnsupportedError,
} from '@espalier/core'
import { type CreateTablePart, parseCreate, replaceParts } from '@espalier/dialects/sqlite/inspect'
import { brokenObjects, requireUnbroken, usedElsewhere } from './broken.js'
import { columnText, constraintText, edit, unedited } from './edit.js'
import { requireFit } from './fit.js'
import { namesIn } from './names.js'
import { isIndexOf, qualified, rebuild } from './rebuild.js'
import {
  quoted,
  readIndex,
  readStored,
  rowsOf,
  type StoredTable,
  sameName,
  statementOf,
  versionOf,
} from './stored.js'

/** From this version on, checks and `not null` are added and dropped by themselves. https://www.sqlite.org/lang_altertable.html */
const CONSTRAINTS = 3053000

/**
 * Makes changes of a table of SQLite, in their order: by `alter table` where this version of SQLite and these rows allow it,
 * otherwise by making the table anew, once for all changes that stand together. Names are changed by `alter table`, which
 * changes them in views, triggers and other tables as well.
 */
export async function alter(
  tx: Transaction,
  given: TableNode,
  changes: readonly StatementNode[],
): Promise<void> {
  let table = given
  let pending: StatementNode[] = []
  let indexes: StatementNode[] = []
  const flush = async () => {
    if (pending.length > 0) await alterAtOnce(tx, table, pending)
    for (const index of indexes) await tx.run(ddl(index))
    pending = []
    indexes = []
  }
  for (const change of changes) {
    switch (change.kind) {
      case 'createIndex':
        indexes.push(change)
        break
      case 'dropIndex':
        // What it drops may be made by what comes before.
        if (indexes.length > 0) await flush()
        await tx.run(ddl(change as DropIndexNode))
        break
      case 'renameInTable': {
        const { part, newName } = change as RenameInTableNode
        if (part === 'constraint') {
          pending.push(change)
          break
        }
        await flush()
        await tx.run(ddl(change))
        if (part === 'table') table = new TableNode(newName, table.schema)
        break
      }
      default:
        pending.push(change)
    }
  }
  await flush()
}

async function alterAtOnce(
  tx: Transaction,
  table: TableNode,
  changes: readonly StatementNode[],
): Promise<void> {
  const { dialect } = tx
  const stored = await readStored(tx, table)
  let edited = unedited(stored.sql)
  for (const change of changes) edited = edit(edited, change, dialect)
  if (edited.sql === stored.sql && edited.columns.every((one) => one.from === quoted(one.name))) return
  await requireFit(tx, stored, edited, changes, dialect)
  const broken = await brokenObjects(tx, stored.schema)
  const native = await nativeStatements(tx, stored, changes, dialect, broken.size > 0)
  if (native === undefined) await rebuild(tx, stored, edited)
  else await runNatively(tx, stored, native)
  await requireUnbroken(tx, stored.schema, stored.name, broken)
}

async function runNatively(
  tx: Transaction,
  { name }: StoredTable,
  statements: readonly string[],
): Promise<void> {
  try {
    for (const statement of statements) await tx.run(statementOf(statement))
  } catch (error) {
    const [, what] = /^error in ((?:view|trigger) .*)/.exec((error as Error).message) ?? []
    throw what === undefined ? error : usedElsewhere(name, `the ${what.replace(/ after drop column/, '')}`)
  }
}

/** The statements by which SQLite makes all of the changes by itself; undefined if there is one that it cannot make. */
async function nativeStatements(
  tx: Transaction,
  stored: StoredTable,
  changes: readonly StatementNode[],
  dialect: Dialect,
  hasBroken: boolean,
): Promise<readonly string[] | undefined> {
  const path = `alter table ${quoted(stored.schema, stored.name)}`
  const hasConstraints = (await versionOf(tx)) >= CONSTRAINTS
  const hasRows = (await rowsOf(tx, quoted(stored.schema, stored.name))) > 0
  const isOnly = changes.length === 1
  const statements: string[] = []
  for (const change of changes) {
    const made = await native(change)
    if (made === undefined) return undefined
    statements.push(`${path} ${made}`)
  }
  return statements

  async function native(change: StatementNode): Promise<string | undefined> {
    switch (change.kind) {
      case 'addColumn':
        return addedNatively(change as AddColumnNode, stored.create, hasRows, dialect)
      case 'dropColumn': {
        const { column } = change as DropColumnNode
        // Several columns are dropped by one copy, and not by one each.
        if (!isOnly || hasBroken || !isDroppable(stored, column)) return undefined
        return `drop column ${quoted(column)}`
      }
      case 'alterColumn': {
        const { action, column } = change as AlterColumnNode
        if (!hasConstraints || (action !== 'set not null' && action !== 'drop not null')) return undefined
        const part = stored.create.columns.find((one) => sameName(one.name.name, column))
        const isPlain = part?.constraints.every(({ kind }) => kind !== 'null' && kind !== 'name only')
        if (isPlain !== true || stored.create.withoutRowid) return undefined
        return `alter column ${quoted(column)} ${action}`
      }
      case 'addConstraint': {
        const { constraint } = change as AddConstraintNode
        if (!hasConstraints || constraint.kind !== 'check') return undefined
        return `add ${constraintText(constraint, dialect)}`
      }
      case 'dropConstraint': {
        const { name } = change as DropConstraintNode
        const named = [
          ...stored.create.columns.flatMap((column) => column.constraints),
          ...stored.create.constraints,
        ].filter((one) => one.name !== undefined && sameName(one.name.name, name))
        if (!hasConstraints || named.length !== 1 || named[0]?.kind !== 'check') return undefined
        return `drop constraint ${quoted(name)}`
      }
    }
    return undefined
  }
}

/** https://www.sqlite.org/lang_altertable.html#alter_table_add_column */
function addedNatively(
  { column, constraints }: AddColumnNode,
  create: CreateTablePart,
  hasRows: boolean,
  dialect: Dialect,
): string | undefined {
  const meant: readonly ConstraintNode[] = constraints.filter(({ onlyOn }) => isMeantFor(dialect, onlyOn))
  if (meant.some(({ kind }) => kind === 'unique' || kind === 'primaryKey')) return undefined
  const isReference = meant.some(({ kind }) => kind === 'foreignKey')
  if (isReference && column.defaultValue !== undefined) return undefined
  if (column.generated !== undefined && column.details?.stored !== false) return undefined
  const text = [
    columnText(column, create, dialect),
    ...meant.map((one) => constraintText(one, dialect, true)),
  ].join(' ')
  return hasRows && !hasConstantDefault(text) ? undefined : `add column ${text}`
}

function hasConstantDefault(column: string): boolean {
  const statement = parseCreate(`create table x (${column})`)
  if (statement.kind !== 'create table') return false
  const defaults = (statement.columns[0]?.constraints ?? []).filter((one) => one.kind === 'default')
  return defaults.every((one) => one.form === 'literal' && !/^current_/i.test(one.value.source))
}

/** https://www.sqlite.org/lang_altertable.html#alter_table_drop_column */
function isDroppable({ create, indexes }: StoredTable, name: string): boolean {
  const uses = (source: string) => namesIn(source).some((one) => sameName(one, name))
  const own = create.columns.find((one) => sameName(one.name.name, name))
  if (own === undefined || own.constraints.some(({ kind }) => kind === 'primary key' || kind === 'unique'))
    return false
  const elsewhere = create.columns
    .filter((one) => one !== own)
    .flatMap((one) => one.constraints)
    .some((one) => (one.kind === 'check' || one.kind === 'generated') && uses(one.expression.source))
  const inTable = create.constraints.some((one) => {
    if (one.kind === 'check') return uses(one.expression.source)
    if (one.kind === 'foreign key') return one.columns.some((column) => sameName(column.name, name))
    return one.kind !== 'name only' && one.keys.some((key) => uses(key.expression.source))
  })
  return !elsewhere && !inTable && !indexes.some((index) => isIndexOf(index, [name]))
}

/** Gives an index another name: SQLite has no statement for it, so it is made again by the one that it keeps. */
export async function renameIndex(
  tx: Transaction,
  schema: string | undefined,
  name: string,
  newName: string,
): Promise<void> {
  const index = await readIndex(tx, schema ?? 'main', name)
  const statement = parseCreate(index.sql)
  await tx.run(statementOf(`drop index ${quoted(index.schema, name)}`))
  const renamed = replaceParts(statement, [{ part: statement.name, text: quoted(newName) }])
  await tx.run(statementOf(qualified(renamed, index.schema)))
}

/** Whether SQLite makes changes by statements whatever the table and its rows are. */
export function isAlwaysNative(changes: readonly StatementNode[], dialect: Dialect): boolean {
  return changes.every((change) => {
    switch (change.kind) {
      case 'createIndex':
      case 'dropIndex':
        return true
      case 'renameInTable':
        return (change as RenameInTableNode).part !== 'constraint'
      case 'addColumn': {
        const { column } = change as AddColumnNode
        const [any, strict] = [loose, strictly].map((table) => columnText(column, table, dialect))
        const isRequired =
          column.notNull && column.defaultValue === undefined && column.generated === undefined
        if (any !== strict || isRequired || column.identity !== undefined) return false
        const added = change as AddColumnNode
        return addedNatively(added, loose, true, dialect) !== undefined
      }
    }
    return false
  })
}

const [loose, strictly] = ['', ' strict'].map(
  (options) => parseCreate(`create table x (a int)${options}`) as CreateTablePart,
) as [CreateTablePart, CreateTablePart]

/** An error of the dialect for a change that it cannot write at all. */
export function requireWritable(change: StatementNode, dialect: Dialect): void {
  if (change.kind === 'addColumn') {
    const { column, constraints } = change as AddColumnNode
    columnText(column, loose, dialect)
    for (const one of constraints) if (isMeantFor(dialect, one.onlyOn)) constraintText(one, dialect, true)
  } else if (change.kind === 'addConstraint') {
    const { constraint } = change as AddConstraintNode
    if (isMeantFor(dialect, constraint.onlyOn)) constraintText(constraint, dialect)
  } else if (change.kind === 'alterColumn') {
    // With a column that is computed, to be changed in any way.
    const { column, action } = change as AlterColumnNode
    if (action.endsWith('identity')) {
      throw new UnsupportedError(
        'unsupported',
        `${dialect.name} has no identity that is added to a column or taken away ("${column}"): rows are numbered by an integer ` +
          'primary key, which is stated when the table is created.',
      )
    }
    const computed = action === 'set expression' || action === 'drop expression' ? ' as (1)' : ''
    edit(unedited(`create table x (${quoted(column)} int${computed}, y int)`), change, dialect)
  } else if (change.kind === 'createIndex' || change.kind === 'dropIndex') dialect.compile(ddl(change))
}
