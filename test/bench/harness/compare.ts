import { deepStrictEqual } from 'node:assert'
import type { ContenderName } from './measurement.js'

/** What each contender's operation of one case led to. */
export interface Evidence {
  readonly case: string
  readonly outcomes: ReadonlyMap<ContenderName, unknown>
}

/** All contenders must have done the same as the first of them. */
export function compare({ case: caseName, outcomes }: Evidence): void {
  const [first, ...others] = outcomes
  if (first === undefined) return
  for (const [contender, outcome] of others) {
    deepStrictEqual(
      outcome,
      first[1],
      new Error(
        `${contender} and ${first[0]} do not do the same in case ${caseName}:\n` +
          `${contender}: ${shown(outcome)}\n${first[0]}: ${shown(first[1])}`,
      ),
    )
  }
}

function shown(outcome: unknown): string {
  const text =
    JSON.stringify(outcome, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)) ?? 'undefined'
  return text.length > 500 ? `${text.slice(0, 500)} …` : text
}
