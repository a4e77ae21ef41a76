/** A row of the table that is written: five columns. */
export interface Entry {
  readonly id: number
  readonly account: number
  readonly kind: string
  readonly amount: number
  readonly memo: string | null
}

export function entry(id: number): Entry {
  return {
    id,
    account: (id * 31) % 1000,
    kind: id % 2 === 0 ? 'debit' : 'credit',
    amount: id / 4,
    memo: id % 5 === 0 ? null : `transfer ${id}`,
  }
}

export const bulkCount = 100_000

/** The first rows of a bulk load. */
export const entries = (count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => entry(index + 1))

/** The rows in groups of so many: for contenders that load by statements of many rows. */
export function chunks<T>(rows: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, n) => rows.slice(n * size, (n + 1) * size))
}
