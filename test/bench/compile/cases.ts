import type { Contender } from '../harness/contender.js'

/**
 * a  two columns of one row by id
 * b  five joined tables, and/or, group by, having, order by, limit
 * c  a CTE, row_number() over a partition, a correlated scalar subquery
 * d  insert of one row of ten columns, returning its id
 * e  insert of 1,000 rows of ten columns in one statement
 * f  update of three columns under two conditions
 * g  upsert on a unique column updating three others
 */
export const compileCases = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const
export type CompileCase = (typeof compileCases)[number]

/** Each builds its statement from nothing and compiles it. */
export type Queries<Result> = Readonly<Record<CompileCase, (i: number) => Result>>

export interface Compiled {
  readonly sql: string
  readonly params: readonly unknown[]
}

/**
 * A contender from its queries. The last character of the text is read, so that everybody's text is a flat
 * string at the end and no rope that somebody else would have to flatten.
 */
export function compileContender<Result>(
  queries: Queries<Result>,
  read: (result: Result) => Compiled,
  sql: (result: Result) => string,
): Contender {
  let last = 0
  const cases = compileCases.map((name) => {
    const query = queries[name]
    const run = (i: number): Result => {
      const result = query(i)
      const text = sql(result)
      last += text.charCodeAt(text.length - 1)
      return result
    }
    return [name, { run, evidence: () => read(run(1)) }] as const
  })
  return { cases: Object.fromEntries(cases), close: () => last }
}
