/** The schema that every contender's program declares: tables of twelve columns, all of them alike. */
export const tableCount = 100
export const queryCount = 40

export type ColumnType = 'integer' | 'text' | 'boolean' | 'double' | 'timestamp'

export interface ColumnSketch {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
}

export const columns: readonly ColumnSketch[] = [
  { name: 'id', type: 'integer', nullable: false },
  { name: 'parent', type: 'integer', nullable: true },
  { name: 'title', type: 'text', nullable: false },
  { name: 'body', type: 'text', nullable: true },
  { name: 'email', type: 'text', nullable: false },
  { name: 'active', type: 'boolean', nullable: false },
  { name: 'hidden', type: 'boolean', nullable: true },
  { name: 'amount', type: 'double', nullable: false },
  { name: 'rating', type: 'double', nullable: true },
  { name: 'position', type: 'integer', nullable: false },
  { name: 'created', type: 'timestamp', nullable: false },
  { name: 'updated', type: 'timestamp', nullable: true },
]

/** The number of the table that a query reads at each of its four places: all tables get their turn. */
export const tableOf = (query: number, place: number): number => (query * 4 + place) % tableCount

/** What a query's rows are, checked by an assignment. */
export const rowType = '{ id: number; title: string; note: string | null; label: string; n: number }'

/** A program in two files: the schema, and the queries that import it. */
export interface Program {
  readonly schema: (tables: number) => string
  readonly queries: (queries: number) => string
}

/** Lines made by a function of their number. */
export function lines(count: number, line: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => line(n)).join('\n')
}
