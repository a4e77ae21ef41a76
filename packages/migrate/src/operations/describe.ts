import { type Node, type RawStatementNode, type SourceNode, type TableNode, walk } from '@espalier/core'
import type { AnyStatement } from './operation.js'

/** A name for people: quoted only where it would otherwise be misread. */
export function displayName(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name)
}

/** A table's name for people, behind that of its schema. */
export function displayTable({ name, schema }: TableNode): string {
  return schema === undefined ? displayName(name) : `${displayName(schema)}.${displayName(name)}`
}

const VERBS: Readonly<Record<string, string>> = {
  insert: 'insert into',
  update: 'update',
  delete: 'delete from',
  createTable: 'create table',
  dropTable: 'drop table',
  addColumn: 'add column to',
  dropColumn: 'drop column of',
  addConstraint: 'add constraint to',
}

/** What a statement does, on one line: `update users`, `sql: create extension …`. */
export function describeStatement(statement: AnyStatement): string {
  const node: Node = statement
  if (node.kind === 'rawStatement') return `sql: ${oneLine((node as RawStatementNode).raw.texts.join('…'))}`
  const { table } = node as { table?: SourceNode }
  const verb = VERBS[node.kind]
  if (verb !== undefined && table !== undefined) return `${verb} ${displayTable(table as TableNode)}`
  return `${node.kind}${tablesOf(node)}`
}

function tablesOf(node: Node): string {
  const names = new Set<string>()
  walk(node, (part) => {
    if (part.kind === 'table') names.add(displayTable(part as TableNode))
  })
  return names.size === 0 ? '' : ` of ${[...names].join(', ')}`
}

function oneLine(sql: string): string {
  const text = sql.replace(/\s+/g, ' ').trim()
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
