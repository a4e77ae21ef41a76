/** A row of the table that is read: eight columns of the types that applications have. */
export interface Item {
  readonly id: number
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly price: number
  readonly active: boolean
  readonly created: Date
  readonly note: string | null
}

export const itemCount = 10_000

export function item(id: number): Item {
  return {
    id,
    sku: `SKU-${String(id).padStart(6, '0')}`,
    name: `Item number ${id} of the catalogue`,
    quantity: (id * 37) % 500,
    price: (id * 7) / 4,
    active: id % 3 !== 0,
    created: new Date(Date.UTC(2026, 0, 1) + id * 61_001),
    note: id % 4 === 0 ? null : `ships in ${id % 9} days`,
  }
}

export const items = (): Item[] => Array.from({ length: itemCount }, (_, index) => item(index + 1))

/** An id of an item that is not the one of the call before. */
export const someId = (i: number): number => 1 + ((i * 7919) % itemCount)
