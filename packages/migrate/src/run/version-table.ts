import {
  createTable,
  type Database,
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
import { MigrationError } from '../errors.js'
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
  /** Milliseconds that it took; null if it was not Espalier that ran it. */
  readonly durationMs: number | null
  /** SHA-256 of its file, or of its operations if it has none. */
  readonly hash: string
}

/** What is done with the version table, in statements. */
export interface VersionTable {
  /** Its name as SQL, which also names the lock. */
  readonly path: string
  exists(db: Executor): Promise<boolean>
  create: AnyStatement
  read(db: Executor): Promise<readonly AppliedRevision[]>
  /** Which of these revisions are applied. */
  appliedOf(db: Executor, ids: readonly [string, ...string[]]): Promise<ReadonlySet<string>>
  added(row: Omit<AppliedRevision, 'appliedAt'>): AnyStatement
  removed(id: string): AnyStatement
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
    },
    undefined,
    schema === undefined ? undefined : { schema },
  )
  const node = sourceInfo(versions)?.node as TableNode
  const rows = select(versions).from(versions).orderBy(versions.appliedAt, versions.id)
  return {
    path: node.quotedPath,
    async exists(db) {
      return (await db.one(db.backend.catalog.tableExists(node))).found
    },
    create: createTable(versions, { ifNotExists: true }),
    read: (db) => db.all(rows),
    async appliedOf(db, ids) {
      return new Set(await db.all(select(versions.id).from(versions).where(versions.id.in(ids))))
    },
    added: (row) => insert(versions).values({ ...row, appliedAt: now() }),
    removed: (id) => deleteFrom(versions).where(versions.id.eq(id)),
  }
}

/** The revisions that are applied, in the order in which they were; none if there is no version table yet. */
export async function readApplied(db: Database, versions: VersionTable): Promise<readonly AppliedRevision[]> {
  return (await versions.exists(db)) ? versions.read(db) : []
}

/** An error if the database has revisions that the history lacks, since nothing is known of what they did. */
export function refuseUnknown(
  known: { get(id: string): unknown },
  applied: readonly AppliedRevision[],
): void {
  const unknown = applied.filter(({ id }) => known.get(id) === undefined)
  if (unknown.length === 0) return
  const names = unknown.map(({ id, message }) => `'${id}' (${message})`).join(', ')
  throw new MigrationError(
    'unknown_revisions',
    `The database has ${unknown.length === 1 ? 'a revision' : 'revisions'} that ${unknown.length === 1 ? 'is' : 'are'} ` +
      `not in the history: ${names}. Restore the files, or run this with the branch that has them.`,
  )
}
