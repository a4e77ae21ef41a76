import { BuildError, excerpt, isEspalierError } from '../errors.js'
import type { Statement } from '../expression/statement.js'
import { walk } from '../tree/walk.js'
import type { TransactionOptions } from './backend.js'
import type { PooledRunner } from './create-database.js'
import type { Database, DatabaseView, Executor } from './database.js'
import type { CancelOptions } from './deadline.js'
import type { Diagnostics, Response } from './driver.js'
import type { DumpOptions } from './dump.js'
import type { Plan } from './plan.js'
import { type BulkLoader, Runner } from './runner.js'
import { type SchemaMap, translated } from './schemas.js'
import { requireStreamable, type StreamOptions } from './stream.js'

/** How reads are spread: see {@link withReplicas}. */
export interface ReplicaOptions {
  /**
   * When a read may go to a replica after something was written by this handle. A number: after so many milliseconds; until
   * then reads go to the primary. `'position'`: as soon as the replica has replayed the log as far as it was written, which
   * is asked of both; on PostgreSQL. Without it, at once: a replica may not have yet what was just written.
   */
  readonly readYourWrites?: number | 'position' | undefined
  /** Milliseconds for which a replica is left out that could not be reached. Default: 5000. */
  readonly retryAfter?: number | undefined
}

/** A database whose reads go to replicas. */
export interface ReplicatedDatabase<out D extends Database = Database> extends Database {
  /** Where writes go: for a read that must see the latest state, and for what only this database has. */
  readonly primary: D
  /** The replicas, in the order in which they were given. */
  readonly replicas: readonly Database[]
}

/**
 * One database of a primary and its replicas. Queries outside of transactions go to the replicas, one after the other in
 * turn. All else goes to the primary: writes, also those within a common table expression, queries with a lock
 * (`forUpdate()`), statements in raw SQL (`sql.query`, `sql.statement`), transactions, sessions, loads and dumps.
 *
 * A replica that cannot be reached is left out for some time and then tried again; the query runs on another, or on the
 * primary, unless its own `timeout` is over by then. So does a query that a replica cannot answer, since it would write (a function such as `nextval`) or is in the way
 * of what the replica replays. What writes by a function that a replica allows, such as an advisory lock, belongs on
 * {@link ReplicatedDatabase.primary}. A stream that fails after its first row fails.
 *
 * Closing it closes all. `diagnostics()` is that of the primary.
 *
 * Throws a `BuildError` where the databases are not of one kind, and for other options.
 * @example
 * ```ts
 * const app = withReplicas(sqlite(':memory:'), [], { readYourWrites: 1000 })
 * await app.run(createTable(invited)) // on the primary
 * await app.all(select(invited).from(invited)) // on a replica, if there is one that may be asked
 * await app.close()
 * ```
 */
export function withReplicas<D extends Database>(
  primary: D,
  replicas: readonly Database[],
  options: ReplicaOptions = {},
): ReplicatedDatabase<D> {
  for (const database of [primary, ...replicas]) {
    if (typeof (database as unknown as PooledRunner | null)?.refuseInside !== 'function') {
      throw new BuildError(
        'invalid_argument',
        `withReplicas(…) takes databases, not ${excerpt(database)}; no transactions, and none that it has made itself.`,
      )
    }
    if (database.dialect.name === primary.dialect.name) continue
    throw new BuildError(
      'invalid_argument',
      `A replica of ${primary.dialect.name} is another of the same kind, not ${database.dialect.name}.`,
    )
  }
  checkOptions(options, primary)
  return new ReplicatedRunner(primary, replicas, options) as unknown as ReplicatedDatabase<D>
}

function checkOptions(
  { readYourWrites, retryAfter = 0 }: ReplicaOptions,
  { dialect, backend }: Database,
): void {
  if (readYourWrites === 'position' && backend.replication === undefined) {
    throw new BuildError(
      'invalid_options',
      `Replicas of ${dialect.name} do not tell how far they are. Give readYourWrites as a number of milliseconds.`,
    )
  }
  const isTime = (value: unknown) => typeof value === 'number' && value >= 0
  if (readYourWrites !== undefined && readYourWrites !== 'position' && !isTime(readYourWrites)) {
    throw new BuildError(
      'invalid_options',
      `readYourWrites is a number of milliseconds, or 'position', not ${excerpt(readYourWrites)}.`,
    )
  }
  if (!isTime(retryAfter)) {
    throw new BuildError(
      'invalid_options',
      `retryAfter is a number of milliseconds, not ${excerpt(retryAfter)}.`,
    )
  }
}

/** A replica, and what is known of it. */
interface Replica {
  readonly runner: PooledRunner
  /** Until when it is left out, by the clock of `Date.now`. */
  downUntil: number
  /** How far it has replayed the log, as far as that is known. */
  replayed: bigint
}

/** What is known of the writes. */
interface State {
  /** When something was last written. */
  writtenAt: number
  /** How far the log is to be replayed; undefined where that is to be asked, since something was written. */
  position: Promise<bigint> | undefined
  /** Sessions that are open, in which something may be written at any time. */
  sessions: number
}

type Values = Readonly<Record<string, unknown>>

class ReplicatedRunner extends Runner {
  readonly primary: PooledRunner
  readonly replicas: readonly PooledRunner[]
  private readonly known: readonly Replica[]
  private turn = 0
  /** Shared with the handles that have other schemas. */
  private readonly state: State = { writtenAt: -Infinity, position: Promise.resolve(0n), sessions: 0 }
  private readonly readYourWrites: ReplicaOptions['readYourWrites']
  private readonly retryAfter: number

  constructor(
    primary: Database,
    replicas: readonly Database[],
    { readYourWrites, retryAfter = 5000 }: ReplicaOptions,
  ) {
    const runner = primary as unknown as PooledRunner
    super(runner.dialect, runner.backend, runner.context)
    this.primary = runner
    this.replicas = replicas as unknown as readonly PooledRunner[]
    this.known = this.replicas.map((each) => ({ runner: each, downUntil: -Infinity, replayed: -1n }))
    this.readYourWrites = readYourWrites
    this.retryAfter = retryAfter
  }

  override respond(
    plan: Plan,
    values: Values | undefined,
    options: CancelOptions | undefined,
    firstOnly = false,
  ): Promise<Response> {
    return this.route(plan, (runner) => runner.respond(plan, values, options, firstOnly))
  }

  override scalarOf(plan: Plan, values: Values | undefined, options?: CancelOptions): Promise<unknown> {
    return this.route(plan, (runner) => runner.scalarOf(plan, values, options))
  }

  private async route<T>(plan: Plan, run: (runner: Runner) => Promise<T>): Promise<T> {
    if (!isRead(plan)) return this.writing(() => run(this.primary))
    for await (const replica of this.candidates()) {
      try {
        return await run(replica.runner)
      } catch (error) {
        if (!this.goesElsewhere(replica, error)) throw error
      }
    }
    return run(this.primary)
  }

  override async *streamOf(
    plan: Plan,
    values: Values | undefined,
    options: StreamOptions,
  ): AsyncGenerator<unknown, void> {
    requireStreamable(plan)
    if (isRead(plan)) {
      for await (const replica of this.candidates()) {
        let begun = false
        try {
          for await (const row of replica.runner.streamOf(plan, values, options)) {
            begun = true
            yield row
          }
          return
        } catch (error) {
          if (begun || !this.goesElsewhere(replica, error)) throw error
        }
      }
    }
    try {
      yield* this.primary.streamOf(plan, values, options)
    } finally {
      if (!isRead(plan)) this.wrote()
    }
  }

  /** The replicas that may be asked, from the one whose turn it is. */
  private async *candidates(): AsyncGenerator<Replica, void> {
    this.primary.refuseInside()
    const { known } = this
    const first = this.turn++
    for (let i = 0; i < known.length; i++) {
      const replica = known[(first + i) % known.length] as Replica
      if (replica.downUntil <= Date.now() && (await this.isCurrent(replica))) yield replica
    }
  }

  /** Whether a replica has what was written by this handle. */
  private async isCurrent(replica: Replica): Promise<boolean> {
    const { readYourWrites } = this
    if (readYourWrites === undefined) return true
    if (this.state.sessions > 0) return false
    if (readYourWrites !== 'position') return Date.now() - this.state.writtenAt >= readYourWrites
    const { written, replayed } = this.primary.backend.replication as NonNullable<
      Database['backend']['replication']
    >
    this.state.position ??= this.primary.one(written())
    const asked = this.state.position
    let position: bigint
    try {
      position = await asked
    } catch (error) {
      if (this.state.position === asked) this.state.position = undefined
      throw error
    }
    if (replica.replayed >= position) return true
    try {
      replica.replayed = await replica.runner.one(replayed())
    } catch (error) {
      if (!this.goesElsewhere(replica, error)) throw error
      return false
    }
    return replica.replayed >= position
  }

  /** Whether a query that failed on a replica may run elsewhere; one that could not be reached is left out from now on. */
  private goesElsewhere(replica: Replica, error: unknown): boolean {
    if (!isEspalierError(error)) return false
    const isLost = error.code === 'connection_lost'
    // Its time may be over before it is known that nobody answers.
    const { cause } = error
    if (isLost || (isEspalierError(cause) && cause.code === 'connection_lost')) {
      replica.downUntil = Date.now() + this.retryAfter
      // It may be another server when it is back.
      replica.replayed = -1n
    }
    return isLost || ELSEWHERE.includes(error.code)
  }

  /** Runs what may write. Also where it fails: whether it took effect is then unknown. */
  private async writing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } finally {
      this.wrote()
    }
  }

  private wrote(): void {
    this.state.writtenAt = Date.now()
    this.state.position = undefined
  }

  transact<T>(work: (tx: BulkLoader) => Promise<T>, options: TransactionOptions): Promise<T> {
    if (options.readOnly === true) return this.primary.transact(work, options)
    return this.writing(() =>
      this.primary.transact((tx) => {
        // What follows the commit reads before the transaction is over here.
        tx.afterCommit(() => this.wrote())
        return work(tx)
      }, options),
    )
  }

  session<T>(work: (session: Executor) => Promise<T>): Promise<T> {
    this.state.sessions++
    return this.writing(() => this.primary.session(work)).finally(() => this.state.sessions--)
  }

  override dump(
    statement: Statement<unknown, never>,
    options?: DumpOptions,
  ): AsyncIterable<string | Uint8Array> {
    return this.primary.dump(statement, options)
  }

  withSchema(schemas: SchemaMap): DatabaseView {
    return Object.create(this, {
      dialect: { value: translated(this.dialect, schemas) },
      primary: { value: this.primary.withSchema(schemas) },
    }) as DatabaseView
  }

  diagnostics(): Diagnostics | undefined {
    return this.primary.diagnostics()
  }

  async close(): Promise<void> {
    // The primary first: where that is refused, nothing is closed.
    await this.primary.close()
    await Promise.all(this.replicas.map((replica) => replica.close()))
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  // Both are what `respond`, `scalarOf` and `streamOf` would use.
  protected execute(): never {
    throw new TypeError()
  }
  protected pages(): never {
    throw new TypeError()
  }
}

/**
 * What the primary can answer: a write within a function (`read_only`), and what is in the way of the log that a replica
 * replays: https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT
 */
const ELSEWHERE = ['read_only', 'serialization_failure', 'deadlock_detected', 'pool_exhausted']

const QUERIES = ['select', 'compound', 'commented', 'explain']
/** What writes, locks, or may do anything. */
const NO_READS = [
  'insert',
  'update',
  'delete',
  'merge',
  'truncate',
  'lock',
  'rawStatement',
  'prefix',
  'suffix',
]

function isRead(plan: Plan): boolean {
  if (plan.isRead !== undefined) return plan.isRead
  let isRead = QUERIES.includes(plan.statement.kind)
  if (isRead) {
    walk(plan.statement, ({ kind }) => {
      if (NO_READS.includes(kind)) isRead = false
      return isRead
    })
  }
  plan.isRead = isRead
  return isRead
}
