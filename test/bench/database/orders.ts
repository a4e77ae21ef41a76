/** An order and its lines, of which each has ten: what is read as one result. */
export interface Order {
  readonly id: number
  readonly placed: Date
  readonly lines: readonly Line[]
}
export interface Line {
  readonly id: bigint
  readonly name: string
  readonly quantity: number
  readonly shipped: Date | null
}

export const orderCount = 1000
const linesOfEach = 10

const moment = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 61_001).toISOString()

/** The rows of the table of orders, moments as texts. */
export const storedOrders = () =>
  Array.from({ length: orderCount }, (_, i) => ({ id: i + 1, placed: moment(i) }))

/** The rows of the table of their lines. */
export const storedLines = () =>
  Array.from({ length: orderCount * linesOfEach }, (_, i) => ({
    id: i + 1,
    orderId: 1 + ((i * 7919) % orderCount),
    name: `Line ${i} of "the" catalogue`,
    quantity: (i * 37) % 500,
    shipped: i % 4 === 0 ? null : moment(i),
  }))

/** A line as the array of its values that hand-written SQL puts into JSON: the id as a text, the moment as one. */
export type LineValues = readonly [id: string, name: string, quantity: number, shipped: string | null]

/** The line that an array of values stands for. */
export const lineOf = ([id, name, quantity, shipped]: LineValues): Line => ({
  id: BigInt(id),
  name,
  quantity,
  shipped: shipped === null ? null : new Date(shipped),
})
