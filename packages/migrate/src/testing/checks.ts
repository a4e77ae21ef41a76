import type { Catalog, Database } from '@espalier/core'
import { inspectorOf } from '../catalog/inspector.js'
import { MigrationError } from '../errors.js'
import type { Migrator } from '../run/migrator.js'
import type { RevisionState } from '../run/state.js'
import { catalogDifferences } from './differences.js'
import { type Rows, rowDifferences, rowsOf } from './rows.js'
import { migratorOf, type RevisionSource, targetBelow, VERSION_TABLE } from './source.js'

/** A test of a history, to be given to a test runner. */
export interface MigrationCheck {
  /** What it checks, for people. */
  readonly name: string
  /** Runs it; an error says what is not as it should be. */
  readonly run: () => Promise<void>
}

/** What {@link migrationChecks} is given. */
export type MigrationChecksOptions = RevisionSource & {
  /** Opens a database that is empty and nobody else's: it is migrated, and closed. */
  readonly database: () => Database | Promise<Database>
  /** The ids of revisions that are not undone, since they cannot be. */
  readonly irreversible?: readonly string[] | undefined
  /** The ids of revisions that lose no rows on the way up and down, `'all'` if none does: rows are compared, too. */
  readonly lossless?: readonly string[] | 'all' | undefined
  /** What puts rows into the database once a revision is applied, by its id: so that those after it have some to lose. */
  readonly seeds?: Readonly<Record<string, (db: Database) => Promise<unknown>>> | undefined
}

/**
 * The tests that every history should pass, for any test runner: that it has one head; that an empty database comes up to it
 * and down again; and that each revision goes up, down and up without a trace: the catalog is the same each time, but for the
 * order of columns. Call it for each database that matters, such as several versions of PostgreSQL.
 * @example
 * ```ts
 * const teams = createTable(table('teams', { id: integer().primaryKey() }))
 * const revisions = [revision({ id: 'a1', parents: [], message: 'teams', up: [teams] })]
 * for (const check of migrationChecks({ revisions, database: () => sqlite(':memory:') })) {
 *   await check.run() // or, in vitest and in node:test: test(check.name, check.run)
 * }
 * ```
 */
export function migrationChecks(options: MigrationChecksOptions): readonly MigrationCheck[] {
  return [
    { name: 'the history has one head', run: () => oneHead(options) },
    { name: 'an empty database comes up to the head and down again', run: () => upAndDown(options) },
    { name: 'each revision goes up, down and up without a trace', run: () => withoutTraces(options) },
  ]
}

async function oneHead(options: MigrationChecksOptions): Promise<void> {
  await using place = await open(options)
  const history = await place.migrator.history()
  const heads = history.filter(({ isHead }) => isHead)
  if (heads.length === 1) return
  throw new MigrationError(
    'check_failed',
    heads.length === 0
      ? 'The history has no revision.'
      : `The history has ${heads.length} heads: ${heads.map(named).join(', ')}. Join them by a revision that has them as its parents.`,
  )
}

async function upAndDown(options: MigrationChecksOptions): Promise<void> {
  await using place = await open(options)
  const before = await place.catalog()
  await place.migrator.upgrade('head')
  if ((options.irreversible ?? []).length > 0) return
  await place.migrator.downgrade('base')
  refuse(catalogDifferences(before, await place.catalog()), 'After going up and down to the beginning')
}

async function withoutTraces(options: MigrationChecksOptions): Promise<void> {
  let place = await open(options)
  try {
    const history = await place.migrator.history()
    requireKnown(options, history)
    const applied = new Set<string>()
    for (const revision of history) {
      const ancestors = ancestorsOf(revision, history)
      if ([...applied].some((id) => !ancestors.has(id))) {
        // What is not below this revision would be undone with it, or be in its way.
        await place.db.close()
        place = await open(options)
        applied.clear()
      }
      for (const { id } of history) {
        if (!ancestors.has(id) || applied.has(id)) continue
        await up(place, id, options)
        applied.add(id)
      }
      await withoutTrace(place, revision, options)
      applied.add(revision.id)
    }
  } finally {
    await place.db.close()
  }
}

/** Applies a revision and puts its rows in. */
async function up({ migrator, db }: Place, id: string, { seeds }: MigrationChecksOptions): Promise<void> {
  await migrator.upgrade(id)
  await seeds?.[id]?.(db)
}

async function withoutTrace(
  place: Place,
  revision: RevisionState,
  options: MigrationChecksOptions,
): Promise<void> {
  const { id, parents } = revision
  const { irreversible = [], lossless = [] } = options
  const before = await place.state()
  if (irreversible.includes(id)) return up(place, id, options)
  await place.migrator.upgrade(id)
  const first = await place.state()
  await place.migrator.downgrade(targetBelow(parents))
  const undone = await place.state()
  const what = `Revision ${named(revision)}`
  refuse(catalogDifferences(before.catalog, undone.catalog), `${what}, up and down`)
  await up(place, id, { ...options, seeds: undefined })
  const again = await place.state()
  refuse(catalogDifferences(first.catalog, again.catalog), `${what}, up, down and up`)
  if (lossless === 'all' || lossless.includes(id)) {
    refuse(rowDifferences(before.rows, undone.rows), `${what} is said to lose no rows; up and down`)
    refuse(rowDifferences(first.rows, again.rows), `${what} is said to lose no rows; up, down and up`)
  }
  await options.seeds?.[id]?.(place.db)
}

function refuse(differences: readonly string[], when: string): void {
  if (differences.length === 0) return
  throw new MigrationError(
    'check_failed',
    `${when}, the database is not what it was:\n${differences.map((one) => `  ${one}`).join('\n')}`,
  )
}

/** Refuses ids that the history lacks: a slip in them would check nothing. */
function requireKnown(
  { irreversible = [], lossless = [], seeds = {} }: MigrationChecksOptions,
  history: readonly RevisionState[],
): void {
  const given = [...irreversible, ...(lossless === 'all' ? [] : lossless), ...Object.keys(seeds)]
  const unknown = given.filter((id) => !history.some((one) => one.id === id))
  if (unknown.length === 0) return
  throw new MigrationError('check_failed', `The history has no revision ${unknown.join(', ')}.`)
}

function ancestorsOf(revision: RevisionState, history: readonly RevisionState[]): ReadonlySet<string> {
  const found = new Set<string>()
  const add = (ids: readonly string[]): void => {
    for (const id of ids) {
      if (found.has(id)) continue
      found.add(id)
      const one = history.find((other) => other.id === id)
      if (one !== undefined) add(neededBy(one))
    }
  }
  add(neededBy(revision))
  return found
}

const neededBy = (one: RevisionState): readonly string[] => [...one.parents, ...one.dependencies]

const named = ({ id, message }: RevisionState): string => `'${id}' (${message})`

/** A database of its own, with what reads it. */
interface Place extends AsyncDisposable {
  readonly db: Database
  readonly migrator: Migrator
  catalog(): Promise<Catalog>
  state(): Promise<{ readonly catalog: Catalog; readonly rows: Rows }>
}

async function open(options: MigrationChecksOptions): Promise<Place> {
  const db = await options.database()
  const { inspect } = await inspectorOf(db.dialect.name)
  const catalog = () => inspect(db, { exclude: { names: [`${VERSION_TABLE}*`] } })
  return {
    db,
    migrator: migratorOf(db, options),
    catalog,
    async state() {
      const read = await catalog()
      return { catalog: read, rows: await rowsOf(db, read) }
    },
    [Symbol.asyncDispose]: () => db.close(),
  }
}
