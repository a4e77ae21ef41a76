import { type ListedRevision, listed } from '../history/files.js'
import type { History, RevisionEntry } from '../history/history.js'
import { headsOf } from '../history/target.js'
import type { UnfinishedRevision } from './journal.js'
import type { AppliedRevision } from './version-table.js'

/** Where a database is. */
export interface CurrentState {
  /** The applied revisions on which no applied one builds; none before the first upgrade. */
  readonly heads: readonly AppliedRevision[]
  /** How many revisions are applied. */
  readonly applied: number
  /** The ids of the revisions that are not. */
  readonly pending: readonly string[]
  /** Applied revisions that the history lacks. */
  readonly unknown: readonly AppliedRevision[]
  /** Revisions that were broken off between their transactions: the next run goes on with them. */
  readonly unfinished: readonly UnfinishedRevision[]
}

/** A revision, and what the database knows of it. */
export interface RevisionState extends ListedRevision {
  /** Whether the database is at it: it is applied, and nothing that builds or depends on it is. */
  readonly isCurrent: boolean
  /** Undefined if it is not applied. */
  readonly applied: AppliedRevision | undefined
  /** Whether its file is not what it was when it was applied. */
  readonly edited: boolean
}

export function stateOf(
  history: History,
  applied: readonly AppliedRevision[],
  unfinished: readonly UnfinishedRevision[],
): CurrentState {
  const ids = history.known(applied.map(({ id }) => id))
  const heads = new Set(headsOf(history, ids))
  const rows = new Map(applied.map((row) => [row.id, row]))
  // A baseline that is adopted has the row of what it stands for.
  for (const { id, message, replaces } of history.adopted) {
    const row = rows.get(replaces.at(-1) as string)
    if (row !== undefined) rows.set(id, { ...row, id, message })
  }
  return {
    heads: [...rows.values()].filter(({ id }) => heads.has(id)),
    applied: ids.size,
    pending: history.entries.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
    unknown: applied.filter(({ id }) => history.get(id) === undefined),
    unfinished,
  }
}

/** What is known of some revisions of a history. */
export function statesOf(
  history: History,
  entries: readonly RevisionEntry[],
  applied: readonly AppliedRevision[],
  edited: readonly string[],
): readonly RevisionState[] {
  const rows = new Map(applied.map((row) => [row.id, row]))
  const current = new Set(headsOf(history, history.known(rows.keys())))
  const changed = new Set(edited)
  return entries.map((entry) => {
    const { id } = entry
    return {
      ...listed(history, entry),
      isCurrent: current.has(id),
      applied: rows.get(id),
      edited: changed.has(id),
    }
  })
}

/** The ids of the applied revisions that are not what they were then. Of rows without a version it cannot be told. */
export async function editedOf(
  history: History,
  applied: readonly AppliedRevision[],
  hashes: (entry: RevisionEntry) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const edited: string[] = []
  for (const { id, hash, version } of applied) {
    const entry = history.get(id)
    if (entry?.id === id && version !== null && !(await hashes(entry)).includes(hash)) edited.push(id)
  }
  return edited
}
