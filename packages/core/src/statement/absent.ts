import type { SourceNode } from '../expression/source.js'
import type { Node } from '../tree/node.js'
import { absentSources, type JoinNode } from './joins.js'
import type { SelectionNode, Shape } from './selection.js'

const NONE: ReadonlySet<string> = new Set()

/** The sources that an outer join of a select may leave out, and the rows that a write may not have had before it or after. */
export function absentNames(statement: Node): ReadonlySet<string> {
  if (statement.kind === 'compound') return absentOfEither(statement as unknown as Sides)
  if (statement.kind !== 'select')
    return (statement as { readonly absentSources?: ReadonlySet<string> | undefined }).absentSources ?? NONE
  const { source, joins } = statement as unknown as {
    source: SourceNode | undefined
    joins: readonly JoinNode[]
  }
  if (joins.length === 0) return NONE
  return new Set([...absentSources(source, joins)].map(({ name }) => name))
}

interface Sides {
  readonly left: Node & { readonly selection: SelectionNode }
  readonly right: Node & { readonly selection: SelectionNode }
}

/** The sources of the first query of a set operation whose rows it or the second may lack. */
function absentOfEither({ left, right }: Sides): ReadonlySet<string> {
  const absent = absentNames(left)
  const others = absentNames(right)
  if (others.size === 0) return absent
  const either = new Set(absent)
  const compare = (shape: Shape | undefined, other: Shape | undefined): void => {
    if (typeof shape !== 'object' || typeof other !== 'object') return
    if (shape.presence !== undefined && others.has(other.presence?.source ?? ''))
      either.add(shape.presence.source)
    for (let i = 0; i < shape.fields.length; i++) compare(shape.fields[i], other.fields[i])
  }
  compare(left.selection.shape, right.selection.shape)
  return either
}
