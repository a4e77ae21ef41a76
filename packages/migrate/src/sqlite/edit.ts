import {
  type AddColumnNode,
  type AddConstraintNode,
  type AlterColumnNode,
  ColumnDefinitionNode,
  type ConstraintNode,
  type Dialect,
  type DropColumnNode,
  type DropConstraintNode,
  ddlText,
  defaultNaming,
  type ExpressionNode,
  ForeignKeyNode,
  isMeantFor,
  type RenameInTableNode,
  type StatementNode,
  TableNode,
} from '@espalier/core'
import {
  type ColumnConstraintPart,
  type ColumnPart,
  type CreateTablePart,
  type Part,
  parseCreate,
  type Replacement,
  replaceParts,
  type TableConstraintPart,
} from '@espalier/dialects/sqlite/inspect'
import { MigrationError } from '../errors.js'
import { namesIn } from './names.js'
import { quoted, sameName } from './stored.js'

/** Where the values of a column come from when the table is made anew. */
export interface ColumnSource {
  readonly name: string
  /** SQL over the old table; undefined for a new column, which gets its default. */
  readonly from: string | undefined
}

/** A table as it is to be: its statement, and where its values come from. */
export interface EditedTable {
  readonly sql: string
  readonly create: CreateTablePart
  readonly columns: readonly ColumnSource[]
}

/** The statement of a table as SQLite keeps it, before any change. */
export function unedited(sql: string): EditedTable {
  const create = parsed(sql)
  return { sql, create, columns: create.columns.map(({ name: { name } }) => ({ name, from: quoted(name) })) }
}

/**
 * Makes a change in the statement that SQLite keeps of a table: its tokens are edited, so all that is not changed stays as it
 * was written, comments included.
 */
export function edit(table: EditedTable, change: StatementNode, dialect: Dialect): EditedTable {
  switch (change.kind) {
    case 'addColumn':
      return addColumn(table, change as AddColumnNode, dialect)
    case 'dropColumn':
      return dropColumn(table, (change as DropColumnNode).column)
    case 'alterColumn':
      return alterColumn(table, change as AlterColumnNode, dialect)
    case 'addConstraint':
      return addConstraint(table, (change as AddConstraintNode).constraint, dialect)
    case 'dropConstraint':
      return dropConstraint(table, change as DropConstraintNode)
    case 'renameInTable':
      return renameConstraint(table, change as RenameInTableNode)
    case 'validateConstraint':
      return table
  }
  throw new MigrationError('invalid_operation', `SQLite has no such change of a table: ${change.kind}.`)
}

/** A column as SQL, for a table that takes only values of its types, or for any. */
export function columnText(column: ColumnDefinitionNode, create: CreateTablePart, dialect: Dialect): string {
  const { name, type, notNull, defaultValue, identity, generated, details } = column
  const strict = create.strict ? true : undefined
  return ddlText(
    new ColumnDefinitionNode(name, type, notNull, defaultValue, identity, strict, generated, details),
    dialect,
  )
}

/** The type of a column as SQL. */
export function typeText(node: AlterColumnNode, create: CreateTablePart, dialect: Dialect): string {
  const { column, type } = node
  const bare = new ColumnDefinitionNode(column, type as never, false, undefined, undefined)
  const text = columnText(bare, create, dialect)
  return text.slice(quoted(column).length + 1)
}

/** A constraint as SQL. A foreign key names no schema there, since it is always the table's own. */
export function constraintText(constraint: ConstraintNode, dialect: Dialect, inColumn = false): string {
  if (constraint.kind !== 'foreignKey') return ddlText(constraint, dialect, { inColumn })
  const { name, columns, target, targetColumns, onDelete, onUpdate, details } = constraint as ForeignKeyNode
  const local = new TableNode(target.name, undefined)
  return ddlText(
    new ForeignKeyNode(name, columns, local, targetColumns, onDelete, onUpdate, details),
    dialect,
    { inColumn },
  )
}

function parsed(sql: string): CreateTablePart {
  const statement = parseCreate(sql)
  if (statement.kind === 'create table') return statement
  throw new MigrationError('no_table', `This is no table that can be altered: ${sql}`)
}

function changed(
  table: EditedTable,
  replacements: readonly Replacement[],
  columns: readonly ColumnSource[] = table.columns,
): EditedTable {
  const sql = replaceParts(table.create, replacements)
  return { sql, create: parsed(sql), columns }
}

const behind = ({ end }: Part): Part => ({ first: end, end })

function addColumn(
  table: EditedTable,
  { column, constraints }: AddColumnNode,
  dialect: Dialect,
): EditedTable {
  const { create } = table
  const meant = constraints.filter(({ onlyOn }) => isMeantFor(dialect, onlyOn))
  const parts = [
    columnText(column, create, dialect),
    ...meant.map((one) => constraintText(one, dialect, true)),
  ]
  if (create.columns.some(({ name }) => sameName(name.name, column.name)))
    throw refusal(create, `it has a column ${quoted(column.name)} already.`)
  const replacement = { part: behind(create.columns.at(-1) as ColumnPart), text: `, ${parts.join(' ')}` }
  return changed(table, [replacement], [...table.columns, { name: column.name, from: undefined }])
}

/** What a statement without some of its columns and constraints leaves out, each with a comma. */
function without(create: CreateTablePart, dropped: readonly Part[]): Replacement[] {
  const items: readonly Part[] = [...create.columns, ...create.constraints]
  let keptBefore = false
  let pending: number | undefined
  const replacements: Replacement[] = []
  items.forEach((item, i) => {
    const next = items[i + 1]
    if (!dropped.includes(item)) {
      if (pending !== undefined) replacements.push(upTo(create, pending, item.first))
      pending = undefined
      keptBefore = true
    } else if (keptBefore) {
      const before = items[i - 1] as Part
      replacements.push({ part: { first: before.end, end: item.end }, text: '' })
    } else {
      pending ??= item.first
      if (next === undefined) throw refusal(create, 'nothing would be left of it.')
    }
  })
  return replacements
}

/** Leaves out what stands before the first item that is kept; that stands where the first one stood. */
function upTo({ text }: CreateTablePart, first: number, kept: number): Replacement {
  const token = text.tokens[kept]
  return token !== undefined && token.before.trim() === ''
    ? { part: { first, end: kept + 1 }, text: token.text }
    : { part: { first, end: kept }, text: '' }
}

/**
 * Drops a column with what is about it: keys, checks and references among the constraints, as PostgreSQL does. What is
 * computed of it is not dropped, but refused.
 */
function dropColumn(table: EditedTable, name: string): EditedTable {
  const { create } = table
  const column = columnOf(create, name)
  const others = create.columns.filter((one) => one !== column)
  if (others.length === 0) throw refusal(create, `${quoted(name)} is its only column.`)
  const uses = (source: string) => namesIn(source).some((one) => sameName(one, name))
  for (const other of others) {
    for (const one of other.constraints) {
      if (one.kind === 'generated' && uses(one.expression.source))
        throw refusal(create, `${quoted(other.name.name)} is computed of ${quoted(name)}; drop it first.`)
    }
  }
  const isAbout = (one: TableConstraintPart): boolean => {
    switch (one.kind) {
      case 'primary key':
      case 'unique':
        return one.keys.some((key) => uses(key.expression.source))
      case 'foreign key':
        return one.columns.some((key) => sameName(key.name, name))
      case 'check':
        return uses(one.expression.source)
    }
    return false
  }
  const checks = others.flatMap(({ constraints }) =>
    constraints.filter((one) => one.kind === 'check' && uses(one.expression.source)),
  )
  return changed(
    table,
    [
      ...without(create, [column, ...create.constraints.filter(isAbout)]),
      ...checks.map((part) => ({ part, text: '' })),
    ],
    table.columns.filter((one) => !sameName(one.name, name)),
  )
}

function alterColumn(table: EditedTable, node: AlterColumnNode, dialect: Dialect): EditedTable {
  const { create } = table
  const column = columnOf(create, node.column)
  const of = (...kinds: ColumnConstraintPart['kind'][]) =>
    column.constraints.filter(({ kind }) => kinds.includes(kind))
  const cleared = (parts: readonly Part[]) => parts.map((part) => ({ part, text: '' }))
  const added = (text: string) => ({ part: behind(column), text: ` ${text}` })
  const typeEnd = endOfType(create, column)
  switch (node.action) {
    case 'type': {
      const type: Part = { first: column.name.end, end: typeEnd }
      const text = typeText(node, create, dialect)
      const spaced = type.first === type.end ? ` ${text}` : text
      const collation = node.details?.collation
      const replacements: Replacement[] = [{ part: type, text: spaced }]
      if (collation !== undefined) {
        const bare = new ColumnDefinitionNode(node.column, node.type as never, false, undefined, undefined)
        const plain = columnText(bare, create, dialect)
        const collated = columnText(
          new ColumnDefinitionNode(
            node.column,
            node.type as never,
            false,
            undefined,
            undefined,
            undefined,
            undefined,
            {
              collation,
            },
          ),
          create,
          dialect,
        )
        replacements.push(...cleared(of('collate')), added(collated.slice(plain.length + 1)))
      }
      const { expression } = node
      const columns = table.columns.map((one) =>
        sameName(one.name, node.column) && one.from !== undefined && expression !== undefined
          ? { name: one.name, from: ddlText(expression, dialect) }
          : one,
      )
      return changed(table, replacements, columns)
    }
    case 'set default': {
      const text = columnDefault(node, dialect)
      const [old, ...rest] = of('default')
      return old === undefined
        ? changed(table, [added(text)])
        : changed(table, [{ part: old, text }, ...cleared(rest)])
    }
    case 'drop default':
      return changed(table, cleared(of('default')))
    case 'set not null':
      return of('not null').length > 0 ? table : changed(table, [...cleared(of('null')), added('not null')])
    case 'drop not null':
      return changed(table, cleared(of('not null')))
    case 'set expression': {
      const one = of('generated').at(-1)
      if (one?.kind !== 'generated') throw refusal(create, `${quoted(node.column)} is not computed.`)
      return changed(table, [
        { part: one.expression, text: ddlText(node.expression as ExpressionNode, dialect) },
      ])
    }
    case 'drop expression': {
      const one = of('generated')
      if (one.length === 0) throw refusal(create, `${quoted(node.column)} is not computed.`)
      // `generated always` may have been read as the end of the type.
      const words = { first: typeEnd, end: Math.max(typeEnd, column.type?.end ?? typeEnd) }
      return changed(table, [...(words.end > words.first ? cleared([words]) : []), ...cleared(one)])
    }
    case 'set storage':
    case 'set compression':
      return table
  }
  throw refusal(
    create,
    'its rows are numbered by an integer primary key, and by nothing else: state that when the table is created.',
  )
}

function columnDefault({ column, expression }: AlterColumnNode, dialect: Dialect): string {
  const node = expression as ExpressionNode
  const bare = new ColumnDefinitionNode(column, node.type, false, undefined, undefined)
  const whole = new ColumnDefinitionNode(column, node.type, false, node, undefined)
  return ddlText(whole, dialect).slice(ddlText(bare, dialect).length + 1)
}

/** Where the words of a type end that SQLite takes for its type. */
function endOfType({ text }: CreateTablePart, { name, type }: ColumnPart): number {
  if (type === undefined) return name.end
  const words = text.tokens.slice(type.first, type.end).map(({ word }) => word)
  return words.at(-2) === 'generated' && words.at(-1) === 'always' ? type.end - 2 : type.end
}

function addConstraint(table: EditedTable, constraint: ConstraintNode, dialect: Dialect): EditedTable {
  const { create } = table
  if (!isMeantFor(dialect, constraint.onlyOn)) return table
  const items = [...create.columns, ...create.constraints]
  return changed(table, [
    { part: behind(items.at(-1) as Part), text: `, ${constraintText(constraint, dialect)}` },
  ])
}

/** The constraints of a name, with the column that each stands at. */
function constraintsNamed(
  create: CreateTablePart,
  name: string,
): {
  readonly part: Part
  readonly column?: ColumnPart
  readonly named: { readonly name?: Part | undefined }
}[] {
  const table = create.name.name
  const isNamed = (given: { readonly name: string } | undefined, made: string | undefined) =>
    sameName(given?.name ?? made ?? '', name)
  const found: ReturnType<typeof constraintsNamed> = []
  for (const column of create.columns) {
    const columns = [column.name.name]
    for (const one of column.constraints) {
      const made =
        one.kind === 'primary key'
          ? defaultNaming.primaryKey(table, columns)
          : one.kind === 'unique'
            ? defaultNaming.unique(table, columns)
            : one.kind === 'references'
              ? defaultNaming.foreignKey(table, columns, one.reference.table.name)
              : undefined
      if (one.kind !== 'name only' && isNamed(one.name, made)) found.push({ part: one, column, named: one })
    }
  }
  for (const one of create.constraints) {
    const made =
      one.kind === 'primary key'
        ? defaultNaming.primaryKey(table, [])
        : one.kind === 'unique'
          ? defaultNaming.unique(
              table,
              one.keys.map((key) => key.column ?? ''),
            )
          : one.kind === 'foreign key'
            ? defaultNaming.foreignKey(
                table,
                one.columns.map((key) => key.name),
                one.reference.table.name,
              )
            : undefined
    if (one.kind !== 'name only' && isNamed(one.name, made)) found.push({ part: one, named: one })
  }
  const explicit = found.filter(({ named }) => named.name !== undefined)
  return explicit.length > 0 ? explicit : found
}

function onlyConstraint(create: CreateTablePart, name: string) {
  const found = constraintsNamed(create, name)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  throw refusal(
    create,
    only === undefined
      ? `it has no constraint ${quoted(name)}.`
      : `it has ${found.length} constraints ${quoted(name)}; which one is meant cannot be told.`,
  )
}

function dropConstraint(table: EditedTable, { name, ifExists }: DropConstraintNode): EditedTable {
  const { create } = table
  if (ifExists && constraintsNamed(create, name).length === 0) return table
  const { part, column } = onlyConstraint(create, name)
  if (column === undefined) return changed(table, without(create, [part]))
  // What follows a reference says when it is looked at.
  const at = column.constraints.indexOf(part as ColumnConstraintPart)
  const parts: Part[] = [part]
  if ((part as ColumnConstraintPart).kind === 'references') {
    for (let i = at + 1; column.constraints[i]?.kind === 'deferrable'; i++)
      parts.push(column.constraints[i] as Part)
  }
  return changed(
    table,
    parts.map((one) => ({ part: one, text: '' })),
  )
}

function renameConstraint(table: EditedTable, { name, newName }: RenameInTableNode): EditedTable {
  const { create } = table
  const { part, named } = onlyConstraint(create, name)
  return named.name === undefined
    ? changed(table, [
        { part: { first: part.first, end: part.first }, text: ` constraint ${quoted(newName)}` },
      ])
    : changed(table, [{ part: named.name, text: quoted(newName) }])
}

function columnOf(create: CreateTablePart, name: string): ColumnPart {
  const column = create.columns.find((one) => sameName(one.name.name, name))
  if (column === undefined) throw refusal(create, `it has no column ${quoted(name)}.`)
  return column
}

function refusal({ name }: CreateTablePart, why: string): MigrationError {
  return new MigrationError('cannot_alter', `The table ${quoted(name.name)} cannot be altered so: ${why}`)
}
