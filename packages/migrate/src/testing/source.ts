import type { Database } from '@espalier/core'
import type { Revision } from '../history/revision.js'
import { createMigrator, type Migrator } from '../run/migrator.js'

/** Where the revisions are: the path of a directory, or a list of them. */
export type RevisionSource =
  | { readonly directory: string; readonly revisions?: undefined }
  | { readonly revisions: readonly Revision[]; readonly directory?: undefined }

/** What tests have for a version table: not the one of a program whose history has tables of that name. */
export const VERSION_TABLE = 'espalier_versions'

/** A migrator of a test's own database. */
export function migratorOf(db: Database, { directory, revisions }: RevisionSource): Migrator {
  const options = { db, versionTable: VERSION_TABLE }
  return directory === undefined
    ? createMigrator({ ...options, revisions: revisions as readonly Revision[] })
    : createMigrator({ ...options, directory })
}
