import type { Database } from '@espalier/core'
import type { Revision } from '../history/revision.js'
import { createMigrator, type Migrator } from '../run/migrator.js'

/** Where the revisions are: the path of a directory, or a list of them. */
export type RevisionSource =
  | { readonly directory: string; readonly revisions?: undefined }
  | { readonly revisions: readonly Revision[]; readonly directory?: undefined }

/** The version table of a test's database; that and its journal are left out of what is compared. */
export const VERSION_TABLE = 'espalier_versions'

/** A migrator of a test's own database. */
export function migratorOf(db: Database, { directory, revisions }: RevisionSource): Migrator {
  const options = { db, versionTable: VERSION_TABLE }
  return directory === undefined
    ? createMigrator({ ...options, revisions: revisions as readonly Revision[] })
    : createMigrator({ ...options, directory })
}

/** The target of a downgrade that undoes a revision which is the last applied one, by its parents. */
export function targetBelow(parents: readonly string[]): string {
  const [parent = 'base', ...others] = parents
  return others.length === 0 ? parent : '-1'
}
