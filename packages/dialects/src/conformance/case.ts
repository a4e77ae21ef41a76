import type { Database, Executor, Lacks, Statement } from '@espalier/core'

/** What a database may lack; a case that needs it is then left out. */
export type Feature =
  | 'right join'
  | 'full join'
  | 'intersect and except'
  | 'nested set operations'
  | 'recursive cte'
  | 'window functions'
  | 'filtered aggregates'
  | 'distinct aggregates'
  | 'on conflict'
  | 'returning'
  | 'update from'
  | 'foreign keys'
  | 'transactions'
  | 'savepoints'

/** What a case is given: the database, and how it runs statements and compares what comes back. */
export interface CaseContext {
  readonly db: Database
  /** A transaction around the case, which is rolled back; of cases about transactions, the database itself. */
  readonly on: Executor
  /** A statement by the axis that is being run. */
  through<S extends Statement<unknown>>(statement: S): S
  /** Fails the case unless the statement returns these rows, in this order. */
  rows<R>(statement: Statement<R, never>, expected: readonly NoInfer<R>[], on?: Executor): Promise<void>
  /** Fails the case unless the two are equal: structurally, with dates and bytes by their content. */
  equal(actual: unknown, expected: unknown, what: string): void
  /** Fails the case unless the work is rejected with an error of this code. */
  rejects(work: Promise<unknown>, code: string): Promise<void>
}

export interface CaseDefinition {
  readonly name: string
  readonly needs: readonly Feature[]
  /** Whether the case begins transactions of its own. */
  readonly alone: boolean
  readonly run: (context: CaseContext) => Promise<void>
}

interface CaseOptions {
  readonly needs?: readonly Feature[]
  /** What the statement asks of its dialect; one that cannot do it must refuse to write the statement. */
  readonly asks?: keyof Lacks
}

/** A case as it is; where the dialect cannot do what it asks, the same case must be refused before anything is sent. */
function refusedWithout(asks: CaseOptions['asks'], run: CaseDefinition['run']): CaseDefinition['run'] {
  if (asks === undefined) return run
  return async (context) => {
    if (!context.db.dialect.lacks[asks]) await run(context)
    else await context.rejects(run(context), 'unsupported')
  }
}

/** A statement and the rows that it returns. */
export function query<R>(
  name: string,
  statement: Statement<R, never>,
  expected: readonly NoInfer<R>[],
  { needs = [], asks }: CaseOptions = {},
): CaseDefinition {
  return {
    name,
    needs,
    alone: false,
    run: refusedWithout(asks, ({ rows }) => rows(statement, expected)),
  }
}

/** A write, how many rows it reaches, and what a query then finds. */
export function write<R>(
  name: string,
  statement: Statement<unknown, never>,
  affected: number,
  after: Statement<R, never>,
  expected: readonly NoInfer<R>[],
  { needs = [], asks }: CaseOptions = {},
): CaseDefinition {
  return {
    name,
    needs,
    alone: false,
    run: refusedWithout(asks, async ({ on, rows, equal, through }) => {
      equal((await on.run(through(statement))).affected, affected, 'the number of affected rows')
      await rows(after, expected)
    }),
  }
}

/** Several steps within a transaction that is rolled back. */
export function steps(
  name: string,
  run: (context: CaseContext) => Promise<void>,
  { needs = [], asks }: CaseOptions = {},
): CaseDefinition {
  return { name, needs, alone: false, run: refusedWithout(asks, run) }
}

/** Several steps that begin and end transactions, and leave the tables as they were. */
export function program(
  name: string,
  run: (context: CaseContext) => Promise<void>,
  { needs = [] }: CaseOptions = {},
): CaseDefinition {
  return { name, needs, alone: true, run }
}
