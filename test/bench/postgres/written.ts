import postgres from 'postgres'
import type { WrittenTable } from '../database/workload.js'

/** The table that is written, through a connection that is no contender's. */
export function writtenTable(url: string): WrittenTable & { close(): Promise<void> } {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  return {
    clear: () => sql`truncate entries`.execute(),
    digest: async () => [
      ...(await sql`select count(*) as rows, sum(id) as ids, sum(account) as accounts, count(memo) as memos,
        sum(length(memo)) as letters, sum(length(kind)) as kinds, sum(amount) as amounts from entries`),
    ],
    close: () => sql.end(),
  }
}
