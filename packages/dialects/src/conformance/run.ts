import type { Database, Executor, Statement } from '@espalier/core'
import { type Axis, alongAxis, axes } from './axes.js'
import type { CaseContext, CaseDefinition, Feature } from './case.js'
import { topics } from './cases/index.js'
import { ConformanceFailure, isEqual, show } from './compare.js'
import { setUpConformance, tearDownConformance } from './schema.js'

/** One case of the suite, ready to run on a database that {@link setUpConformance} has prepared. */
export interface ConformanceCase {
  /** For example `joins: a left join keeps rows without a match`. */
  readonly name: string
  readonly topic: string
  /** What the database must have for the case to make sense. */
  readonly needs: readonly Feature[]
  /** Runs the case; throws if it does not come out as it must. Leaves the tables as it found them. */
  run(db: Database, axis?: Axis): Promise<void>
}

/**
 * Every case that a dialect must pass. Use it to make one test of each in the test runner of your choice;
 * {@link runConformance} needs none.
 * @example
 * ```ts no-run
 * import { beforeAll, test } from 'vitest'
 *
 * const db = sqlite(':memory:')
 * beforeAll(() => setUpConformance(db))
 * for (const { name, run } of conformanceCases) test(name, () => run(db))
 * ```
 */
export const conformanceCases: readonly ConformanceCase[] = topics.flatMap(({ topic, cases }) =>
  cases.map((definition) => ({
    name: `${topic}: ${definition.name}`,
    topic,
    needs: definition.needs,
    run: (db: Database, axis: Axis = 'as written') => runCase(definition, db, axis),
  })),
)

/** What is known of the database, and what is to be run. */
export interface ConformanceOptions {
  /** What the database is known to lack; cases that need it are skipped. */
  readonly lacks?: readonly Feature[]
  /** The ways that statements take; all by default. */
  readonly axes?: readonly Axis[]
}

/** How a case came out. */
export interface ConformanceResult {
  readonly name: string
  readonly axis: Axis
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why the case failed. */
  readonly error?: unknown
}

/**
 * Opens a database, prepares it, runs every case on every axis and closes it again. A failing case does not end
 * the run. The database gets tables whose names begin with `conformance_`, and loses them at the end.
 * @example
 * ```ts no-run
 * for await (const { name, axis, outcome, error } of runConformance(() => sqlite(':memory:'), { lacks: ['full join'] })) {
 *   if (outcome === 'failed') console.error(`${name} (${axis})`, error)
 * }
 * ```
 */
export async function* runConformance(
  open: () => Database | Promise<Database>,
  options: ConformanceOptions = {},
): AsyncGenerator<ConformanceResult, void, void> {
  const db = await open()
  try {
    await setUpConformance(db)
    for (const axis of options.axes ?? axes) {
      for (const { name, needs, run } of conformanceCases) {
        if (needs.some((feature) => options.lacks?.includes(feature))) {
          yield { name, axis, outcome: 'skipped' }
          continue
        }
        try {
          await run(db, axis)
          yield { name, axis, outcome: 'passed' }
        } catch (error) {
          yield { name, axis, outcome: 'failed', error }
        }
      }
    }
    await tearDownConformance(db)
  } finally {
    await db.close()
  }
}

/** Ends the transaction around a case that passed. */
class Done extends Error {}

async function runCase(definition: CaseDefinition, db: Database, axis: Axis): Promise<void> {
  if (definition.alone) {
    await definition.run(contextFor(db, db, axis))
    return
  }
  try {
    await db.transaction(async (tx) => {
      await definition.run(contextFor(db, tx, axis))
      throw new Done()
    })
  } catch (error) {
    if (!(error instanceof Done)) throw error
  }
}

function contextFor(db: Database, on: Executor, axis: Axis): CaseContext {
  const way = alongAxis(axis)
  const through = <S extends Statement<unknown>>(statement: S): S => {
    const result = way(statement)
    const before = statement.toSQL(db.dialect)
    const after = result.toSQL(db.dialect)
    if (!isEqual(before, after)) {
      throw new ConformanceFailure(
        `Another statement came out, ${axis}.\n  ${show(before)}\n  ${show(after)}`,
      )
    }
    return result
  }
  return {
    db,
    on,
    through,
    async rows(statement, expected, executor = on) {
      const actual = await executor.all(through(statement))
      if (isEqual(actual, expected)) return
      throw new ConformanceFailure(
        `Expected ${show(expected)}\n  but got ${show(actual)}\n  from ${statement.toSQL(db.dialect).sql}`,
      )
    },
    equal(actual, expected, what) {
      if (isEqual(actual, expected)) return
      throw new ConformanceFailure(`Expected ${what} to be ${show(expected)}, but it is ${show(actual)}`)
    },
    async rejects(work, code) {
      let found: unknown
      try {
        found = await work
      } catch (error) {
        if ((error as { readonly code?: unknown }).code === code) return
        throw new ConformanceFailure(`Expected an error '${code}', but got: ${String(error)}`, {
          cause: error,
        })
      }
      throw new ConformanceFailure(`Expected an error '${code}', but it came to ${show(found)}`)
    },
  }
}
