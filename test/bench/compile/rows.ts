/** A row of the table `events` without its id: ten columns. */
export interface EventRow {
  readonly type: string
  readonly source: string
  readonly session: string
  readonly user_id: number
  readonly position: number
  readonly duration: number
  readonly score: number
  readonly active: boolean
  readonly referrer: string | null
  readonly created_at: Date
}

export function eventRow(n: number): EventRow {
  return {
    type: 'click',
    source: `https://example.org/page/${n}`,
    session: `s-${n * 7919}`,
    user_id: n,
    position: n % 100,
    duration: n * 13,
    score: n / 8,
    active: n % 3 === 0,
    referrer: n % 4 === 0 ? null : 'https://example.org/',
    created_at: new Date(Date.UTC(2026, 0, 1) + n * 1000),
  }
}

export const oneRow = eventRow(1)
export const thousandRows: readonly EventRow[] = Array.from({ length: 1000 }, (_, n) => eventRow(n))

/** A moment that updates write. */
export const moment = new Date(Date.UTC(2026, 5, 1))
