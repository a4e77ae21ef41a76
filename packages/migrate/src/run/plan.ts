import { type Dialect, isEspalierError, type Sql } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { hashOf } from '../history/directory.js'
import { type History, nameOf, type RevisionEntry } from '../history/history.js'
import { type Obstacle, reverseOf } from '../history/revision.js'
import { displayName } from '../operations/describe.js'
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
  /** Whether each way back is the reverse of the other way, operation by operation: then one can turn round in the middle. */
  readonly isDerived: boolean
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
    const isDerived = !adopts && (await entry.load()).down === undefined
    steps.push(await plan(entry, 'up', operations, dialect, { adopts, isDerived }))
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
    const isDerived = (await entry.load()).down === undefined
    const operations = 'obstacles' in reverse ? [] : reverse
    steps.push(await plan(entry, 'down', operations, dialect, { adopts: false, isDerived }))
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
  { adopts, isDerived }: Pick<PlannedRevision, 'adopts' | 'isDerived'>,
): Promise<PlannedRevision> {
  const planned = planOperations(entry, operations, dialect)
  const hash = await entryHash(entry, dialect)
  return { entry, direction, operations: planned, hash, adopts, isDerived }
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
