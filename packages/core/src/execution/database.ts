import type { Dialect } from '../compiler/dialect.js'
import type { Reads, Unbound } from '../expression/reads.js'
import type { Statement } from '../expression/statement.js'
import type { TableSource } from '../schema/table.js'
import type { LoadRow } from '../statement/writes.js'
import type { Backend, TransactionOptions } from './backend.js'
import type { BeginOptions } from './begin-options.js'
import type { CancelOptions } from './deadline.js'
import type { Diagnostics } from './driver.js'
import type { DumpOptions } from './dump.js'
import type { KeyOfRow, RowKey } from './keyed.js'
import type { LoadOptions, RowSource } from './load.js'
import type { SchemaMap } from './schemas.js'
import type { StreamOptions } from './stream.js'

/** The values that a prepared statement is given, by the names of its parameters. */
export type ParametersOf<Needs extends Reads> = {
  readonly [Name in Extract<Needs, Unbound<string, unknown>>['parameter']]: Given<Needs, Name>
}

/** What fits every place of a parameter; of places of types that exclude each other nothing does. Arrays are only read. */
type Given<Needs extends Reads, Name extends string> = (
  Needs extends Unbound<Name, infer V>
    ? (value: V) => void
    : never
) extends (value: infer V) => void
  ? V extends readonly (infer E)[]
    ? readonly E[]
    : V
  : never

/** One object of values, or nothing for a statement without named parameters. */
type Arguments<Needs extends Reads> = [Needs] extends [never] ? [] : [values: ParametersOf<Needs>]

/** As {@link Arguments}, with options behind. */
type CancelArguments<Needs extends Reads> = [Needs] extends [never]
  ? [values?: undefined, options?: CancelOptions]
  : [values: ParametersOf<Needs>, options?: CancelOptions]

/** As {@link Arguments}, with options behind. */
type StreamArguments<Needs extends Reads> = [Needs] extends [never]
  ? [values?: undefined, options?: StreamOptions]
  : [values: ParametersOf<Needs>, options?: StreamOptions]

/** As {@link Arguments}, with options behind. */
type SyncStreamArguments<Needs extends Reads> = [Needs] extends [never]
  ? [values?: undefined, options?: Omit<StreamOptions, keyof CancelOptions>]
  : [values: ParametersOf<Needs>, options?: Omit<StreamOptions, keyof CancelOptions>]

/** The value of a row of one column. */
export type ScalarOfRow<R> = R extends Date | Uint8Array | readonly unknown[]
  ? R
  : R extends object
    ? R[keyof R]
    : R

/** A statement whose rows are values, which may be objects themselves: documents, nested rows. */
interface BareValues {
  readonly '~selection': { readonly '~value': unknown }
}

/** What a statement without rows did. */
export interface RunResult {
  /** Rows that were inserted, updated or deleted. */
  readonly affected: number
}

/** What runs statements: a database, or a transaction on one. */
export interface Executor {
  readonly dialect: Dialect
  readonly backend: Backend

  /**
   * All rows of a statement.
   * @example
   * ```ts
   * const rows = await db.all(select({ id: users.id }).from(users)) // { id: bigint }[]
   * ```
   */
  all<R>(statement: Statement<R, never>, options?: CancelOptions): Promise<R[]>

  /** The only row; a `NoRowsError` or `TooManyRowsError` if there is not exactly one. */
  one<R>(statement: Statement<R, never>, options?: CancelOptions): Promise<R>

  /** The first row, or undefined if there is none. */
  first<R>(statement: Statement<R, never>, options?: CancelOptions): Promise<R | undefined>

  /** The only value of the only row: of a statement of one column and one row. */
  scalar<R>(statement: Statement<R, never> & BareValues, options?: CancelOptions): Promise<R>
  scalar<R>(statement: Statement<R, never>, options?: CancelOptions): Promise<ScalarOfRow<R>>

  /**
   * All rows of a statement by a key that each has for itself: a key of the rows, or what a function makes of a row. The
   * rows are in the order of the statement.
   *
   * Throws an `ExecutionError` with the code `duplicate_key` where two rows have the same key; see {@link group}.
   * @example
   * ```ts
   * const byId = await db.map(select({ id: users.id, email: users.email }).from(users), 'id')
   * byId.get(1n)?.email // 'ann@x.org'
   * ```
   */
  map<R, const K extends KeyOfRow<R>>(
    statement: Statement<R, never>,
    key: K,
    options?: CancelOptions,
  ): Promise<Map<R[K], R>>
  map<R, K extends RowKey>(
    statement: Statement<R, never>,
    key: (row: R) => K,
    options?: CancelOptions,
  ): Promise<Map<K, R>>

  /**
   * All rows of a statement by a key that several may have: a key of the rows, or what a function makes of a row. Keys and
   * rows are in the order of the statement.
   * @example
   * ```ts
   * const byOrg = await db.group(select(users).from(users).orderBy(users.id), 'orgId')
   * byOrg.get(1)?.map((user) => user.email) // ['ann@x.org', 'bob@x.org']
   * ```
   */
  group<R, const K extends KeyOfRow<R>>(
    statement: Statement<R, never>,
    key: K,
    options?: CancelOptions,
  ): Promise<Map<R[K], R[]>>
  group<R, K extends RowKey>(
    statement: Statement<R, never>,
    key: (row: R) => K,
    options?: CancelOptions,
  ): Promise<Map<K, R[]>>

  /** Runs a statement for what it does, and says how many rows that were. */
  run(statement: Statement<unknown, never>, options?: CancelOptions): Promise<RunResult>

  /**
   * The rows of a query one by one, read as they are taken, so that memory holds only a batch of them. Leaving the loop ends
   * it. On a database it holds a connection until then: where there is only one, as on SQLite, other statements on it wait
   * for the end, and in the loop they would wait in vain. In a transaction they may run between the rows; on SQLite only
   * those that read.
   *
   * PostgreSQL: `declare … cursor for …` in a transaction, `fetch 1000 from …` · SQLite: the rows as the statement is stepped
   * @example
   * ```ts
   * for await (const user of db.stream(select(users).from(users).orderBy(users.id), { batch: 500 })) console.log(user.email)
   * ```
   */
  stream<R>(statement: Statement<R, never>, options?: StreamOptions): AsyncIterable<R>

  /**
   * The rows of a query as PostgreSQL's COPY writes them, in pieces of some 64,000 characters (`csv`, `text`) or bytes
   * (`binary`): to be written to a file as it is. A row is its columns, without nesting. It is read no faster than the pieces
   * are taken; leaving the loop ends it, within a transaction or a session by reading the rest.
   *
   * PostgreSQL: `copy (select …) to stdout with (format csv, header true)`, in which parameters are literals · SQLite and
   * PGlite: the same text, made of the rows of a stream, but that SQLite's JSON documents are as they are stored
   * @example
   * ```ts
   * let csv = ''
   * for await (const piece of db.dump(select({ id: orgs.id, name: orgs.name }).from(orgs).orderBy(orgs.id))) csv += piece
   * csv // 'id,name\n1,Acme\n2,Umbrella\n'
   * ```
   */
  dump(
    statement: Statement<unknown, never>,
    options: DumpOptions & { readonly format: 'binary' },
  ): AsyncIterable<Uint8Array>
  dump(
    statement: Statement<unknown, never>,
    options?: DumpOptions & { readonly format?: 'csv' | 'text' | undefined },
  ): AsyncIterable<string>

  /**
   * A statement to be run many times, with values for its named parameters.
   * @example
   * ```ts
   * const byEmail = db.prepare(select(users).from(users).where(users.email.eq(param('email', text()))))
   * await byEmail.first({ email: 'a@x.org' })
   * ```
   */
  prepare<R, Needs extends Unbound<string, unknown>>(statement: Statement<R, Needs>): Prepared<R, Needs>

  /**
   * Runs a statement once for each of many sets of values of its named parameters, in one transaction (within one, a
   * savepoint): all of them or, on an error, none. Gives the sum of the affected rows. The sets come from an array or any
   * iterable, also an asynchronous one. The error has the number of the set that failed, from 0, as `set`.
   *
   * PostgreSQL: prepared and pipelined, one by one with a `signal` or a `timeout` · SQLite: a prepared statement in a loop
   * @example
   * ```ts
   * const rename = update(posts).set({ title: param('title', text()) }).where(posts.id.eq(param('id', bigint())))
   * await db.runMany(rename, [{ id: 1n, title: 'one' }, { id: 2n, title: 'two' }]) // { affected: 1 }
   * ```
   */
  runMany<R, Needs extends Unbound<string, unknown>>(
    statement: Statement<R, Needs>,
    sets: RowSource<ParametersOf<Needs>>,
    options?: CancelOptions,
  ): Promise<RunResult>

  /**
   * Loads many rows into a table, as fast as the database can: all of them or, on an error, none. The rows are objects
   * with the same keys, from an array or any iterable, also an asynchronous one, which is read no faster than rows are
   * taken.
   *
   * PostgreSQL: `copy … from stdin` · SQLite and PGlite: prepared inserts of many rows
   * @example
   * ```ts
   * await db.load(posts, [{ authorId: 1n, title: 'one' }, { authorId: 1n, title: 'two' }])
   * ```
   */
  load<Name extends string, C>(
    table: TableSource<Name, C>,
    rows: RowSource<LoadRow<C>>,
    options?: LoadOptions,
  ): Promise<RunResult>

  /**
   * Runs a function in a transaction: committed when it returns, rolled back when it throws. Within a transaction
   * the inner one is a savepoint. Use the handle it is given, not the outer one.
   * @example
   * ```ts
   * await db.transaction(async (tx) => {
   *   await tx.run(update(orgs).set({ name: 'x' }).where(orgs.id.eq(1)))
   * })
   * ```
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>

  /**
   * Begins a transaction (within one, a savepoint) that is ended by hand, where a function would be in the way. Nothing
   * tells the outer handle of it: a statement on `db` runs outside of the transaction, and waits in vain for a
   * connection where the database has only one.
   * @example
   * ```ts
   * await using tx = await db.begin()
   * await tx.run(update(orgs).set({ name: 'x' }).where(orgs.id.eq(1)))
   * await tx.commit() // without it, the end of the block rolls back
   * ```
   */
  begin(options?: BeginOptions): Promise<OpenTransaction>
}

/** What a transaction may have run when it has ended. */
export interface TransactionEnd {
  /**
   * Runs a function when the transaction is committed, and its connection is free again: what must not happen where the
   * transaction is undone, such as sending a message. In a savepoint it runs only if that is kept, too. The functions run
   * one after the other; where one fails, the others run all the same, and then `transaction` throws an error with the
   * code `after_commit_failed`.
   * @example
   * ```ts
   * await db.transaction(async (tx) => {
   *   await tx.run(insert(orgs).values({ name: 'Initech' }))
   *   tx.afterCommit(() => console.log('welcome, Initech'))
   * })
   * ```
   */
  afterCommit(callback: () => unknown): void

  /**
   * Runs a function when the transaction, or the savepoint, has been rolled back and the transaction around it has ended.
   * It runs as well where the connection was lost during the commit, of which nobody knows the outcome. The error that
   * led to the rollback is thrown whatever happens here.
   */
  afterRollback(callback: () => unknown): void
}

/** A transaction, or a savepoint in one. It ends when the function that was given it returns or throws. */
export interface Transaction extends Executor, TransactionEnd {
  readonly '~transaction': true
}

/** A transaction that its holder ends: at the end of its block it is rolled back, unless it was committed before. */
export interface OpenTransaction extends Transaction, AsyncDisposable {
  /** Commits it; where that fails, it is rolled back. */
  commit(): Promise<void>
  /** Rolls it back. */
  rollback(): Promise<void>
}

/** A database: a dialect and the connections to run on. */
export interface Database extends Executor, AsyncDisposable {
  /**
   * Runs a function with one connection to itself, in no transaction: for what belongs to a connection, such as
   * settings, temporary tables and advisory locks. Such state is not undone when the function ends.
   * @example
   * ```ts
   * await db.session(async (session) => {
   *   await session.run(sql.statement`create temporary table seen (id bigint)`)
   *   await session.run(sql.statement`insert into seen (id) values (1)`)
   * })
   * ```
   */
  session<T>(work: (session: Executor) => Promise<T>): Promise<T>

  /**
   * The same database with other schemas: every statement that runs on the handle, or in a transaction or a session of it,
   * has its tables in those. So handles of many tenants share the connections. What was compiled is remembered for each map of
   * schemas, also where a handle is made for each request. Raw SQL keeps the names that are written in its text.
   *
   * On SQLite schemas are attached databases.
   * @example
   * ```ts
   * const users = table('users', { id: integer().primaryKey() }) // in no schema
   * const orders = table('orders', { id: integer().primaryKey() }, undefined, { schema: 'app' })
   * const tenant = db.withSchema({ '': 'tenant_7', app: 'tenant_7_app' })
   * select(users.id).from(users).toSQL(tenant.dialect).sql // 'select "users"."id" as "value" from "tenant_7"."users"'
   * deleteFrom(orders).everyRow().toSQL(tenant.dialect).sql // 'delete from "tenant_7_app"."orders"'
   * db.withSchema('tenant_7') // tables in no schema alone
   * ```
   */
  withSchema(schemas: SchemaMap): DatabaseView

  /**
   * What the driver counts, as it stands: connections, those who wait for one, and texts of statements that it remembers.
   * Undefined where the driver does not count.
   * @example
   * ```ts
   * db.diagnostics()?.connections // { open: 1, busy: 0, waiting: 0 }
   * ```
   */
  diagnostics(): Diagnostics | undefined

  /**
   * Closes every connection, after the statements, transactions and streams that are under way. Where those last longer than
   * `acquireTimeout`, the error `pool_exhausted` says who they are; the database stays open then, and can be closed later.
   */
  close(): Promise<void>
}

/** A database under other conditions, which is closed with the one that it is of. */
export type DatabaseView = Omit<Database, 'close' | typeof Symbol.asyncDispose>

/** A statement compiled for a database, whose named parameters are given at each run. */
// R stays without an annotation: what `scalar` gives is a conditional type, which the compiler takes for neither.
export interface Prepared<R, in Needs extends Reads> {
  /** All rows. */
  all(...given: CancelArguments<Needs>): Promise<R[]>
  /** The only row; an error if there is not exactly one. */
  one(...given: CancelArguments<Needs>): Promise<R>
  /** The first row, or undefined. */
  first(...given: CancelArguments<Needs>): Promise<R | undefined>
  /** The only value of the only row. */
  scalar(...given: CancelArguments<Needs>): Promise<ScalarOfRow<R>>
  /** The rows by a key that each has for itself; see {@link Executor.map}. */
  map<const K extends KeyOfRow<R>>(key: K, ...given: CancelArguments<Needs>): Promise<Map<R[K], R>>
  map<K extends RowKey>(key: (row: R) => K, ...given: CancelArguments<Needs>): Promise<Map<K, R>>
  /** The rows by a key that several may have; see {@link Executor.group}. */
  group<const K extends KeyOfRow<R>>(key: K, ...given: CancelArguments<Needs>): Promise<Map<R[K], R[]>>
  group<K extends RowKey>(key: (row: R) => K, ...given: CancelArguments<Needs>): Promise<Map<K, R[]>>
  /** Runs the statement for what it does. */
  run(...given: CancelArguments<Needs>): Promise<RunResult>
  /** Runs it once for each of many sets of values; see {@link Executor.runMany}. */
  runMany(sets: RowSource<ParametersOf<Needs>>, options?: CancelOptions): Promise<RunResult>
  /** The rows one by one; see {@link Executor.stream}. */
  stream(...given: StreamArguments<Needs>): AsyncIterable<R>
}

/** {@link Executor} for a database that answers at once: the same names, no promises. */
export interface SyncExecutor {
  readonly dialect: Dialect
  readonly backend: Backend
  /** All rows of a statement. */
  all<R>(statement: Statement<R, never>): R[]
  /** The only row; an error if there is not exactly one. */
  one<R>(statement: Statement<R, never>): R
  /** The first row, or undefined. */
  first<R>(statement: Statement<R, never>): R | undefined
  /** The only value of the only row. */
  scalar<R>(statement: Statement<R, never> & BareValues): R
  scalar<R>(statement: Statement<R, never>): ScalarOfRow<R>
  /** All rows of a statement by a key that each has for itself; see {@link Executor.map}. */
  map<R, const K extends KeyOfRow<R>>(statement: Statement<R, never>, key: K): Map<R[K], R>
  map<R, K extends RowKey>(statement: Statement<R, never>, key: (row: R) => K): Map<K, R>
  /** All rows of a statement by a key that several may have; see {@link Executor.group}. */
  group<R, const K extends KeyOfRow<R>>(statement: Statement<R, never>, key: K): Map<R[K], R[]>
  group<R, K extends RowKey>(statement: Statement<R, never>, key: (row: R) => K): Map<K, R[]>
  /** Runs a statement for what it does, and says how many rows that were. */
  run(statement: Statement<unknown, never>): RunResult
  /**
   * The rows of a query one by one, read as they are taken. Leaving the loop ends it. In the loop other statements may read,
   * but not write.
   */
  stream<R>(statement: Statement<R, never>, options?: Omit<StreamOptions, keyof CancelOptions>): Iterable<R>
  /** A statement to be run many times, with values for its named parameters. */
  prepare<R, Needs extends Unbound<string, unknown>>(statement: Statement<R, Needs>): SyncPrepared<R, Needs>
  /** Runs a statement once for each of many sets of values; see {@link Executor.runMany}. */
  runMany<R, Needs extends Unbound<string, unknown>>(
    statement: Statement<R, Needs>,
    sets: Iterable<ParametersOf<Needs>>,
  ): RunResult
  /** Loads many rows into a table: all of them or, on an error, none. See {@link Executor.load}. */
  load<Name extends string, C>(
    table: TableSource<Name, C>,
    rows: Iterable<LoadRow<C>>,
    options?: Omit<LoadOptions, keyof CancelOptions>,
  ): RunResult
  /** Runs a function in a transaction; within one, in a savepoint. The function must not be async. */
  transaction<T>(work: (tx: SyncTransaction) => T, options?: BeginOptions): T
}

/** {@link Transaction} for a database that answers at once; the functions that it runs at its end must not be async. */
export interface SyncTransaction extends SyncExecutor, TransactionEnd {}

/** {@link Prepared} for a database that answers at once. */
export interface SyncPrepared<R, in Needs extends Reads> {
  /** All rows. */
  all(...values: Arguments<Needs>): R[]
  /** The only row; an error if there is not exactly one. */
  one(...values: Arguments<Needs>): R
  /** The first row, or undefined. */
  first(...values: Arguments<Needs>): R | undefined
  /** The only value of the only row. */
  scalar(...values: Arguments<Needs>): ScalarOfRow<R>
  /** The rows by a key that each has for itself; see {@link Executor.map}. */
  map<const K extends KeyOfRow<R>>(key: K, ...values: Arguments<Needs>): Map<R[K], R>
  map<K extends RowKey>(key: (row: R) => K, ...values: Arguments<Needs>): Map<K, R>
  /** The rows by a key that several may have; see {@link Executor.group}. */
  group<const K extends KeyOfRow<R>>(key: K, ...values: Arguments<Needs>): Map<R[K], R[]>
  group<K extends RowKey>(key: (row: R) => K, ...values: Arguments<Needs>): Map<K, R[]>
  /** Runs the statement for what it does. */
  run(...values: Arguments<Needs>): RunResult
  /** Runs it once for each of many sets of values; see {@link Executor.runMany}. */
  runMany(sets: Iterable<ParametersOf<Needs>>): RunResult
  /** The rows one by one; see {@link SyncExecutor.stream}. */
  stream(...given: SyncStreamArguments<Needs>): Iterable<R>
}
