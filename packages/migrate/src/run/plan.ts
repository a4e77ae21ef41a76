import { type Dialect, isEspalierError, type Sql } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { hashOf } from '../history/directory.js'
import { nameOf, type RevisionEntry } from '../history/history.js'
import { type Obstacle, reverseOf } from '../history/revision.js'
import { displayName } from '../operations/describe.js'
import type { AnyStatement, Operation } from '../operations/operation.js'

/** An operation with the statements that it is on one dialect. */
export interface PlannedOperation {
  readonly operation: Operation
  readonly statements: readonly AnyStatement[]
}

/** A revision to be applied or undone. Everything is compiled: what the dialect refuses was refused already. */
export interface PlannedRevision {
  readonly entry: RevisionEntry
  readonly direction: 'up' | 'down'
  readonly operations: readonly PlannedOperation[]
  readonly hash: string
}

/** Plans what is to be applied. An error of the first revision that the dialect cannot run comes before any runs. */
export function planUp(entries: readonly RevisionEntry[], dialect: Dialect): readonly PlannedRevision[] {
  return entries.map((entry) => plan(entry, 'up', entry.up, dialect))
}

/** Plans what is to be undone. An error that lists every operation in the way comes before anything is undone. */
export function planDown(entries: readonly RevisionEntry[], dialect: Dialect): readonly PlannedRevision[] {
  const reversed = entries.map((entry) => ({ entry, reverse: reverseOf(entry) }))
  const blocked = reversed.flatMap(({ entry, reverse }) =>
    'obstacles' in reverse ? [{ entry, ...reverse }] : [],
  )
  if (blocked.length > 0) {
    const [{ entry }] = blocked as [(typeof blocked)[0]]
    const reasons = blocked.map(
      ({ entry, obstacles }) => `${nameOf(entry)}: ${obstacles.map(describe).join('; ')}`,
    )
    throw new MigrationError(
      'irreversible',
      `Nothing was undone, since not everything can be. Revision ${reasons.join('. Revision ')}. ` +
        "Or write the revision's down by hand.",
      { revision: entry.id, file: entry.file, operation: blocked[0]?.obstacles[0]?.number },
    )
  }
  return reversed.map(({ entry, reverse }) =>
    plan(entry, 'down', 'obstacles' in reverse ? [] : reverse, dialect),
  )
}

function describe({ number, operation, irreversible }: Obstacle): string {
  return `operation ${number} (${operation.description}) cannot be reversed: ${irreversible}`
}

function plan(
  entry: RevisionEntry,
  direction: 'up' | 'down',
  operations: readonly Operation[],
  dialect: Dialect,
): PlannedRevision {
  const planned = operations.map((operation, i) => {
    try {
      const statements = operation.statements(dialect)
      for (const statement of statements) dialect.compile(statement)
      return { operation, statements }
    } catch (error) {
      if (!isEspalierError(error)) throw error
      throw new MigrationError(
        'cannot_compile',
        `Revision ${nameOf(entry)}, operation ${i + 1} of ${operations.length}` +
          `${describeSafely(operation)}: ${error.message} Nothing was run.`,
        { revision: entry.id, file: entry.file, operation: i + 1, cause: error },
      )
    }
  })
  return { entry, direction, operations: planned, hash: entryHash(entry, dialect) }
}

/** A description may itself need what failed. */
function describeSafely(operation: Operation): string {
  try {
    return ` (${operation.description})`
  } catch {
    return ` (${displayName(operation.kind)})`
  }
}

/** What tells later whether a revision was edited: the hash of its file, or of what it does. */
export function entryHash(entry: RevisionEntry, dialect: Dialect): string {
  if (entry.hash !== undefined) return entry.hash
  const texts = entry.up.flatMap((operation) => [
    operation.kind,
    operation.description,
    ...operation.statements(dialect).map((statement) => statement.toSQL(dialect, { inline: true }).sql),
    operation.run === undefined ? '' : String((operation as { code?: unknown }).code ?? operation.run),
  ])
  return hashOf(JSON.stringify(texts))
}

/** The SQL of an operation, values as literals. */
export function sqlOf({ statements }: PlannedOperation, dialect: Dialect): readonly string[] {
  return statements.map((statement): Sql['sql'] => statement.toSQL(dialect, { inline: true }).sql)
}
