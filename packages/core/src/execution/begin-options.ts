/** How a transaction begins. */
export interface BeginOptions {
  /** What concurrent transactions may see of each other. SQLite's are always serializable. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readonly readOnly?: boolean
  /**
   * Waits at the beginning until no other transaction can make this one fail: for long reports, `serializable` and
   * `readOnly`. On PostgreSQL; SQLite's read-only transactions never fail in this way.
   */
  readonly deferrable?: boolean
  /**
   * The name of the savepoint, where the transaction is inside another: in the SQL that observers see, and in errors. Without
   * one it is `espalier_1`, `espalier_2`, … by its depth. The outermost transaction is no savepoint and leaves it unused, so
   * that one function may run in either.
   *
   * `savepoint "charge"` … `release savepoint "charge"`
   */
  readonly name?: string | undefined
  /**
   * When SQLite takes its locks: `immediate` (the default, unless `readOnly`) the one to write at the beginning, `exclusive`
   * also what keeps others from reading where there is no write-ahead log, `deferred` each lock when a statement needs it,
   * which may fail where two of them have read and both mean to write. PostgreSQL locks rows and refuses the option.
   *
   * SQLite: `begin exclusive`
   */
  readonly locking?: 'deferred' | 'immediate' | 'exclusive' | undefined
  /**
   * Settings of PostgreSQL that hold until the end of the transaction, such as the tenant that policies for rows look at.
   * Their values are parameters. SQLite has none and refuses them.
   *
   * PostgreSQL: `select set_config($1, $2, true)`
   */
  readonly settings?: Readonly<Record<string, string | number | boolean>> | undefined
  /**
   * Milliseconds after which PostgreSQL ends a statement of the transaction, by an error with the code `cancelled`. SQLite
   * cannot end what has begun and refuses it; `timeout` is about the transaction as a whole, on either.
   */
  readonly statementTimeout?: number | undefined
  /**
   * Milliseconds that a statement of the transaction waits for a lock before it fails with `LockTimeout`. On SQLite it is the
   * busy timeout, which also holds for the beginning.
   */
  readonly lockTimeout?: number | undefined
}
