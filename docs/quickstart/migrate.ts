import { fileURLToPath } from 'node:url'
import type { Database } from '@espalier/core'
import { createMigrator } from '@espalier/migrate'

const directory = fileURLToPath(new URL('migrations', import.meta.url))

/** Applies the revisions up to a target; their operations one by one, and the SQL that they come to. */
export async function migrateTo(target: string, db: Database, onProgress: (text: string) => void) {
  const operations: { revision: string; operation: string }[] = []
  const migrator = createMigrator({
    db,
    directory,
    onProgress(progress) {
      if (progress.kind !== 'operation') return
      operations.push({ revision: progress.revision, operation: progress.description })
      onProgress(`${progress.description} (${progress.number} of ${progress.total})`)
    },
  })
  const script = await migrator.script('up', target)
  await migrator.upgrade(target)
  return { sql: script.split('\n').filter((line) => line !== ''), operations }
}
