import { bigint, type ReplicationQueries, select, sql } from '@espalier/core'

/**
 * Positions in the write-ahead log, as numbers of bytes. What was committed with `synchronous_commit = off` is inserted into
 * the log before it is written: https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-BACKUP
 */
export const postgresReplication: ReplicationQueries = {
  written: () => select(sql(bigint().notNull())`(pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint`),
  // A server that is no standby has everything that it has.
  replayed: () =>
    select(
      sql(bigint().notNull())`(case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
        else pg_current_wal_insert_lsn() end - '0/0'::pg_lsn)::bigint`,
    ),
}
