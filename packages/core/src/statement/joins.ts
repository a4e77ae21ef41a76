import { BuildError } from '../errors.js'
import { BinaryNode, connect, type ExpressionNode } from '../expression/node.js'
import { type ColumnNode, infoOfNode, type SourceInfo, type SourceNode } from '../expression/source.js'
import type { DeclaredTable } from '../schema/declaration.js'
import type { ForeignKeyNode, TableDefinition } from '../schema/definition.js'
import { defineKind, type Node, oneOf } from '../tree/node.js'
import { BOOLEAN } from '../types/sql-type.js'

/** The kinds of joins. */
export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'cross'

/** A join: the source, and the condition unless it is a cross join. */
export class JoinNode implements Node {
  declare readonly kind: string
  constructor(
    readonly type: JoinKind,
    readonly source: SourceNode,
    readonly on: ExpressionNode | undefined,
  ) {}
}
defineKind(
  'join',
  JoinNode,
  { type: 'data', source: 'child', on: 'optional' },
  { type: oneOf('inner', 'left', 'right', 'full', 'cross') },
)

/** The condition that the foreign keys between a new source and those already in FROM suggest. */
export function inferJoin(present: readonly SourceNode[], added: SourceInfo): ExpressionNode {
  const candidates: { key: ForeignKeyNode; on: ExpressionNode }[] = []
  for (const node of present) {
    const info = infoOfNode(node)
    if (info === undefined) continue
    collect(added, info, candidates)
    // A self reference is found in both directions; which one is meant, nobody can tell.
    collect(info, added, candidates)
  }
  const [only, another] = candidates
  if (only !== undefined && another === undefined) return only.on
  const names = present.map((node) => `'${node.name}'`).join(', ')
  if (only === undefined) {
    throw new BuildError(
      'no_join',
      `There is no foreign key between '${added.node.name}' and ${names || 'an empty FROM'}, so the condition must be ` +
        'written: .join(source, predicate).',
    )
  }
  throw new BuildError(
    'ambiguous_join',
    `'${added.node.name}' can be joined with ${names} by several foreign keys ` +
      `(${candidates.map(({ key }) => `${key.name}: ${key.columns.join(', ')}`).join('; ')}). Write the condition: ` +
      '.join(source, predicate).',
  )
}

/** The foreign keys of one source that refer to another. */
function collect(
  from: SourceInfo,
  to: SourceInfo,
  found: { key: ForeignKeyNode; on: ExpressionNode }[],
): void {
  const fromTable = declared(from)
  const toTable = declared(to)
  if (fromTable === undefined || toTable === undefined) return
  for (const constraint of fromTable.definition.constraints) {
    if (constraint.kind !== 'foreignKey') continue
    const key = constraint as ForeignKeyNode
    if (key.target.name !== toTable.node.name || key.target.schema !== toTable.node.schema) continue
    const pairs = key.columns.map((column, i) => {
      const left = columnByName(from, column)
      const right = columnByName(to, key.targetColumns[i] as string)
      return left === undefined || right === undefined
        ? undefined
        : new BinaryNode(left, 'eq', right, BOOLEAN)
    })
    if (pairs.every((pair) => pair !== undefined)) found.push({ key, on: connect('and', pairs) })
  }
}

function declared(info: SourceInfo): (DeclaredTable & { readonly definition: TableDefinition }) | undefined {
  return info.definition as (DeclaredTable & { readonly definition: TableDefinition }) | undefined
}

function columnByName(info: SourceInfo, name: string): ColumnNode | undefined {
  return Object.values(info.columns).find((column) => (column as ColumnNode).name === name) as
    | ColumnNode
    | undefined
}
