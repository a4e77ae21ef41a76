import { BuildError } from '../errors.js'
import { BinaryNode, connect, describe, type ExpressionNode, type LogicalNode } from '../expression/node.js'
import type { JoinedSource } from '../expression/scope.js'
import { infoOfNode, type SourceInfo, type SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import { type Reference, sameTable } from '../schema/constraint.js'
import type { DeclaredTable } from '../schema/declaration.js'
import { columnNamed, referencesOf } from '../schema/references.js'
import type { Fields, Node } from '../tree/node.js'
import { BOOLEAN } from '../types/sql-type.js'

/** The kinds of joins. */
export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'cross'

/** A join: the source, and the condition unless it is a cross join. */
export class JoinNode implements Node {
  static readonly fields: Fields<JoinNode> = { type: 'data', source: 'child', on: 'optional' }
  constructor(
    readonly type: JoinKind,
    readonly source: SourceNode,
    readonly on: ExpressionNode | undefined,
  ) {}
  get kind(): string {
    return 'join'
  }
  write(to: Writer): void {
    to.text(
      this.type === 'inner' ? ' inner join ' : this.type === 'left' ? ' left join ' : ` ${this.type} join `,
    )
    to.visit(this.source)
    if (this.on !== undefined) {
      if (this.type === 'full' && to.dialect.lacks.fullJoinOnAny && !comparesSides(this.on)) {
        throw to.unsupported(
          'full join without an equality of both sides',
          'Write a left join, and unionAll the rows that have no match.',
        )
      }
      to.text(' on ')
      to.visit(this.on)
    }
  }
}

/** Whether a condition has an equality by which the rows of both sides can be sorted or hashed. */
function comparesSides(on: ExpressionNode): boolean {
  if (on.kind === 'logical') {
    const { operator, operands } = on as LogicalNode
    return operator === 'and' && operands.some(comparesSides)
  }
  if (on.kind !== 'binary') return /^(raw|constant|tupleComparison)$/.test(on.kind)
  const { operator, left, right } = on as BinaryNode
  return operator === 'eq' && left.kind !== 'parameter' && right.kind !== 'parameter'
}

/** The sources that an outer join among these may leave out. */
export function absentSources(
  first: SourceNode | undefined,
  joins: readonly JoinedSource[],
): ReadonlySet<SourceNode> {
  const absent = new Set<SourceNode>()
  const present = first === undefined ? [] : [first]
  for (const { type, source } of joins) {
    if (type === 'right' || type === 'full') for (const one of present) absent.add(one)
    if (type === 'left' || type === 'full') absent.add(source)
    present.push(source)
  }
  return absent
}

const WRITE = 'Write the condition: .join(source, predicate).'

interface Candidate {
  readonly key: Reference
  readonly on: ExpressionNode
}

/** The condition that the foreign keys between a new source and those already in FROM suggest. */
export function inferJoin(present: readonly SourceNode[], added: SourceInfo): ExpressionNode {
  const candidates: Candidate[] = []
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
      `There is no foreign key between '${added.node.name}' and ${names}. ${WRITE}`,
    )
  }
  const keys = new Set(candidates.map(({ key }) => key.columns.map(describe).join(', ')))
  throw new BuildError(
    'ambiguous_join',
    `'${added.node.name}' can be joined with ${names} in several ways (by ${[...keys].join(' or ')}). ${WRITE}`,
  )
}

/** The foreign keys of one source that refer to another. */
function collect(from: SourceInfo, to: SourceInfo, found: Candidate[]): void {
  const fromTable = from.definition as DeclaredTable | undefined
  const toTable = to.definition as DeclaredTable | undefined
  if (fromTable === undefined || toTable === undefined) return
  for (const key of referencesOf(fromTable)) {
    if (!sameTable(key.target, toTable.node)) continue
    const pairs = key.columns.map((column, i) => {
      const left = columnNamed(from.columns, column.name)
      const right = columnNamed(to.columns, key.targetColumns[i] as string)
      return left === undefined || right === undefined
        ? undefined
        : new BinaryNode(left, 'eq', right, BOOLEAN)
    })
    if (pairs.every((pair) => pair !== undefined)) found.push({ key, on: connect('and', pairs) })
  }
}
