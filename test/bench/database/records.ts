/** A row whose values are more than what drivers hand over: two moments, a bigint, an exact number, JSON. */
export interface Record {
  readonly id: number
  readonly opened: Date
  readonly closed: Date | null
  readonly serial: bigint
  readonly amount: string
  readonly details: { readonly tags: readonly string[]; readonly size: number }
}

/** What a driver hands over for one, where it turns nothing into anything else. */
export interface StoredRecord {
  readonly id: number | string
  readonly opened: string
  readonly closed: string | null
  readonly serial: number | string
  readonly amount: number | string
  readonly details: string
}

const recordCount = 10_000

const moment = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 61_001).toISOString()

/** The rows of the table, without an amount that ends in 0: SQLite would not keep that digit. */
export const storedRecords = () =>
  Array.from({ length: recordCount }, (_, i) => ({
    id: i + 1,
    opened: moment(i),
    closed: i % 4 === 0 ? null : moment(2 * i),
    serial: 1_000_000_000_000 + i * 7919,
    amount: `${i}.${11 + (i % 9)}`,
    details: JSON.stringify({ tags: ['new', `lot ${i % 50}`], size: (i * 37) % 500 }),
  }))

/** The record that a stored one stands for. */
export const recordOf = ({ id, opened, closed, serial, amount, details }: StoredRecord): Record => ({
  id: Number(id),
  opened: new Date(opened),
  closed: closed === null ? null : new Date(closed),
  serial: BigInt(serial),
  amount: String(amount),
  details: JSON.parse(details) as Record['details'],
})
