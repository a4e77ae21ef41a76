import {
  createTable,
  deleteFrom,
  type Executor,
  insert,
  integer,
  now,
  select,
  sourceInfo,
  type TableNode,
  table,
  text,
  timestamptz,
} from '@espalier/core'
import manifest from '../../package.json' with { type: 'json' }
import { MigrationError } from '../errors.js'
import { addColumn } from '../operations/column.js'
import type { AnyStatement } from '../operations/operation.js'

/** Where it is written which revisions are applied. */
export interface VersionTableOptions {
  readonly name?: string
  /** The schema of the table; the database's default if left out. */
  readonly schema?: string
}

/** A revision as the database remembers it. */
export interface AppliedRevision {
  readonly id: string
  readonly message: string
  readonly appliedAt: Date
  /** Milliseconds that it took; null if it was not run here: stamped, or run by a script. */
  readonly durationMs: number | null
  /** SHA-256 of what its file means, or of its operations if it has none. */
  readonly hash: string
  /** The version of `@espalier/migrate` that wrote this; null in a row from before versions were written. */
  readonly version: string | null
}

/** What is done with the version table, in statements. */
export interface VersionTable {
  readonly name: string
  /** Its name as SQL, which also names the lock. */
  readonly path: string
  /** What makes it where it is not there. */
  readonly creation: AnyStatement
  /** What makes it as it should be; none if it is. */
  preparation(db: Executor): Promise<readonly AnyStatement[]>
  /** The revisions that are applied, in the order in which they were; none if there is no version table yet. */
  read(db: Executor): Promise<readonly AppliedRevision[]>
  /** Which of these revisions are applied. */
  appliedOf(db: Executor, ids: readonly [string, ...string[]]): Promise<ReadonlySet<string>>
  added(row: Pick<AppliedRevision, 'id' | 'message' | 'durationMs' | 'hash'>): AnyStatement
  removed(ids: readonly [string, ...string[]]): AnyStatement
  /** What takes everything out. */
  readonly emptied: AnyStatement
}

/** The version table of a database, by default `espalier_versions`. */
export function versionTable(options: string | VersionTableOptions = {}): VersionTable {
  const { name = 'espalier_versions', schema } = typeof options === 'string' ? { name: options } : options
  const versions = table(
    name,
    {
      id: text().primaryKey(),
      message: text().notNull(),
      appliedAt: timestamptz('applied_at').notNull(),
      durationMs: integer('duration_ms'),
      hash: text().notNull(),
      version: text(),
    },
    undefined,
    schema === undefined ? undefined : { schema },
  )
  const node = sourceInfo(versions)?.node as TableNode
  const { id, message, appliedAt, durationMs, hash } = versions
  const rows = select(versions).from(versions).orderBy(versions.appliedAt, versions.id)
  const rowsBefore = select({ id, message, appliedAt, durationMs, hash })
    .from(versions)
    .orderBy(versions.appliedAt, versions.id)
  const creation = createTable(versions, { ifNotExists: true })
  const exists = async (db: Executor) => (await db.one(db.backend.catalog.tableExists(node))).found
  const hasVersion = (db: Executor) =>
    db.all(select(versions.version).from(versions).limit(1)).then(
      () => true,
      () => false,
    )
  return {
    name,
    path: node.quotedPath,
    creation,
    async preparation(db) {
      if (!(await exists(db))) return [creation]
      return (await hasVersion(db)) ? [] : addColumn(versions, { version: text() }).statements(db.dialect)
    },
    async read(db) {
      if (!(await exists(db))) return []
      if (await hasVersion(db)) return db.all(rows)
      return (await db.all(rowsBefore)).map((row) => ({ ...row, version: null }))
    },
    async appliedOf(db, ids) {
      return new Set(await db.all(select(versions.id).from(versions).where(versions.id.in(ids))))
    },
    added: (row) => insert(versions).values({ ...row, appliedAt: now(), version: manifest.version }),
    removed: (ids) => deleteFrom(versions).where(versions.id.in(ids)),
    emptied: deleteFrom(versions).everyRow(),
  }
}

/** An error if the database has revisions that the history lacks, since nothing is known of what they did. */
export function refuseUnknown(
  known: { get(id: string): unknown },
  applied: readonly AppliedRevision[],
): void {
  const unknown = applied.filter(({ id }) => known.get(id) === undefined)
  if (unknown.length === 0) return
  const isOne = unknown.length === 1
  const names = unknown.map(
    ({ id, message, appliedAt }) => `'${id}' (${message}, applied ${appliedAt.toISOString().slice(0, 16)}Z)`,
  )
  throw new MigrationError(
    'unknown_revisions',
    `The database has ${isOne ? 'a revision' : 'revisions'} that ${isOne ? 'is' : 'are'} not in the history: ` +
      `${names.join(', ')}. Restore ${isOne ? 'its file' : 'their files'}, or run this with the branch that has ` +
      `${isOne ? 'it' : 'them'}. If ${isOne ? 'it was' : 'they were'} undone by hand, "espalier stamp --purge" says anew ` +
      'where the database is.',
  )
}
