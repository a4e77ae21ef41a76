import { type CreateIndexNode, DropIndexNode, ddl, type Executor } from '@espalier/core'
import type { AnyStatement } from '../operations/operation.js'

/**
 * What is left to do of statements that were broken off outside of a transaction, once what they left behind is removed:
 * indexes that PostgreSQL made by halves. Undefined where nothing tells, which is so of all but concurrent indexes.
 */
export async function remaining(
  session: Executor,
  statements: readonly AnyStatement[],
): Promise<readonly AnyStatement[] | undefined> {
  const { indexState } = session.backend.catalog
  const left: AnyStatement[] = []
  for (const statement of statements) {
    const index = indexOf(statement)
    if (index === undefined || indexState === undefined) return undefined
    const state = await session.first(indexState(index.name, index.schema))
    if (index.isMade && state?.valid === true) continue
    if (!index.isMade && state === undefined) continue
    if (index.isMade && state !== undefined) {
      await session.run(ddl(new DropIndexNode(index.name, index.schema, true, true)))
    }
    left.push(statement)
  }
  return left
}

/** The index that a statement makes or drops. */
function indexOf(
  statement: unknown,
): { readonly name: string; readonly schema: string | undefined; readonly isMade: boolean } | undefined {
  const { kind } = statement as { readonly kind: string }
  if (kind === 'createIndex') {
    const { index } = statement as CreateIndexNode
    return { name: index.name, schema: index.table.schema, isMade: true }
  }
  if (kind === 'dropIndex') {
    const { name, schema } = statement as DropIndexNode
    return { name, schema, isMade: false }
  }
  return undefined
}
