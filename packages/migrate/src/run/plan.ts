import { type Dialect, isEspalierError, type Sql } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { hashOf } from '../history/directory.js'
import { type History, nameOf, type RevisionEntry } from '../history/history.js'
import { type Obstacle, reverseOf } from '../history/revision.js'
import { displayName } from '../operations/describe.js'
import { runsOutsideTransaction } from '../operations/locks.js'
import { type AnyStatement, isIrreversible, type Operation } from '../operations/operation.js'
import type { PlanOfRevision } from './result.js'

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
  /** Whether it is a baseline that is only written down, since what it stands for is applied. */
  readonly adopts: boolean
  /** Whether its operations run without a transaction around them, which the database refuses for each. */
  readonly isOutsideTransaction: boolean
}

/** Plans what is to be applied. An error of the first revision that the dialect cannot run comes before any runs. */
export async function planUp(
  history: History,
  entries: readonly RevisionEntry[],
  dialect: Dialect,
): Promise<readonly PlannedRevision[]> {
  const steps: PlannedRevision[] = []
  for (const entry of entries) {
    const adopts = history.adopts(entry.id)
    const operations = adopts ? [] : (await entry.load()).up
    steps.push(await plan(entry, 'up', operations, dialect, adopts))
  }
  return steps
}

/** Plans what is to be undone. An error that lists every operation in the way comes before anything is undone. */
export async function planDown(
  entries: readonly RevisionEntry[],
  dialect: Dialect,
): Promise<readonly PlannedRevision[]> {
  const reversed = []
  for (const entry of entries) reversed.push({ entry, reverse: reverseOf(await entry.load()) })
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
  const steps: PlannedRevision[] = []
  for (const { entry, reverse } of reversed) {
    steps.push(await plan(entry, 'down', 'obstacles' in reverse ? [] : reverse, dialect, false))
  }
  return steps
}

function describe({ number, operation, irreversible }: Obstacle): string {
  return `operation ${number} (${operation.description}) cannot be reversed: ${irreversible}`
}

async function plan(
  entry: RevisionEntry,
  direction: 'up' | 'down',
  operations: readonly Operation[],
  dialect: Dialect,
  adopts: boolean,
): Promise<PlannedRevision> {
  const planned = planOperations(entry, operations, dialect)
  const outside = operations.filter((operation) => runsOutsideTransaction(operation, dialect))
  const isOutsideTransaction = outside.length > 0
  if (isOutsideTransaction && outside.length < operations.length) {
    throw new MigrationError(
      'mixed_revision',
      `Revision ${nameOf(entry)} has operations that the database refuses within a transaction ` +
        `(${outside.map(({ description }) => description).join('; ')}) beside others, which need one. Put them into a revision ` +
        'of their own. Nothing was run.',
      { revision: entry.id, file: entry.file },
    )
  }
  const hash = await entryHash(entry, dialect)
  return { entry, direction, operations: planned, hash, adopts, isOutsideTransaction }
}

/** Compiles operations of a revision. Throws a `MigrationError` that names the one which the dialect cannot run. */
export function planOperations(
  entry: RevisionEntry,
  operations: readonly Operation[],
  dialect: Dialect,
): readonly PlannedOperation[] {
  return operations.map((operation, i) => {
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
export async function entryHash(entry: RevisionEntry, dialect: Dialect): Promise<string> {
  if (entry.hash !== undefined) return entry.hash
  const { up } = await entry.load()
  const texts = up.flatMap((operation) => [
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

/** A planned revision as plain data. */
export async function shownPlan(
  { entry, operations, adopts }: PlannedRevision,
  dialect: Dialect,
): Promise<PlanOfRevision> {
  const { id, message, file } = entry
  const shown = operations.map((planned) => {
    const { operation } = planned
    const reverse = operation.reverse()
    return {
      kind: operation.kind,
      description: operation.description,
      sql: sqlOf(planned, dialect),
      isCode:
        operation.run !== undefined ||
        (planned.statements.length === 0 && operation.perform?.(dialect) !== undefined),
      irreversible: isIrreversible(reverse) ? reverse.irreversible : undefined,
    }
  })
  const reversible = adopts || !('obstacles' in reverseOf(await entry.load()))
  return { id, message, file, adopts, reversible, operations: shown }
}
