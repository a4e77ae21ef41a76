import type { History, RevisionEntry } from '../history/history.js'
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
}

/** A revision, and what the database knows of it. */
export interface RevisionState {
  readonly id: string
  readonly parents: readonly string[]
  readonly message: string
  readonly file: string | undefined
  /** Whether no other builds on it. */
  readonly isHead: boolean
  /** Undefined if it is not applied. */
  readonly applied: AppliedRevision | undefined
  /** Whether its file is not what it was when it was applied. */
  readonly edited: boolean
}

export function stateOf(history: History, applied: readonly AppliedRevision[]): CurrentState {
  const ids = new Set(applied.map(({ id }) => id))
  const known = applied.filter(({ id }) => history.get(id) !== undefined)
  const below = new Set(known.flatMap(({ id }) => history.get(id)?.parents ?? []))
  return {
    heads: known.filter(({ id }) => !below.has(id)),
    applied: applied.length,
    pending: history.entries.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
    unknown: applied.filter(({ id }) => history.get(id) === undefined),
  }
}

export function statesOf(
  history: History,
  applied: readonly AppliedRevision[],
  hash: (entry: RevisionEntry) => string,
): readonly RevisionState[] {
  const rows = new Map(applied.map((row) => [row.id, row]))
  const edited = new Set(editedOf(history, applied, hash))
  return history.entries.map(({ id, parents, message, file }) => ({
    id,
    parents,
    message,
    file,
    isHead: history.heads.includes(id),
    applied: rows.get(id),
    edited: edited.has(id),
  }))
}

/** The applied revisions that are not what they were then. */
export function editedOf(
  history: History,
  applied: readonly AppliedRevision[],
  hash: (entry: RevisionEntry) => string,
): readonly string[] {
  return applied
    .filter((row) => {
      const entry = history.get(row.id)
      return entry !== undefined && hash(entry) !== row.hash
    })
    .map(({ id }) => id)
}
