import type { AliasNode, SourceNode, UnnestNode } from '@espalier/core'

/** The array whose elements the rows of a source are, where they come by `json_each`, whose columns have names of their own. */
export function unnestOf(source: SourceNode | undefined): UnnestNode | undefined {
  if (source?.kind === 'alias') return unnestOf((source as AliasNode).source)
  return source?.kind === 'unnest' && !(source as UnnestNode).isOfProgram ? (source as UnnestNode) : undefined
}
