import {
  boolean,
  type CatalogColumn,
  type CatalogProblem,
  type ColumnBuilders,
  column,
  type ExpressionNode,
  type Family,
  type Metadata,
  type SqlType,
  sql,
} from '@espalier/core'

/** Tables that were made of a catalog, and what of the catalog they do not say. */
export interface CatalogMetadata {
  readonly metadata: Metadata
  /** What a metadata cannot say, and what is not in it at all: views, triggers, virtual tables, partitions. */
  readonly problems: readonly CatalogProblem[]
}

/** The key of a column: its name, where an object can have that, in its place among the others. */
export function keyOf(name: string, names: readonly string[]): string {
  let key = name
  while (key === 'as' || key === '__proto__' || /^\d+$/.test(key) || (key !== name && names.includes(key))) {
    key = `${key}_`
  }
  return key
}

/** The columns of a view or the like, of the types that a function gives; undefined where there are none. */
export function columnsOf(
  columns: readonly CatalogColumn[],
  typeOf: (one: CatalogColumn) => SqlType,
): { readonly columns?: ColumnBuilders } {
  const names = columns.map(({ name }) => name)
  const builders = columns.map((one) => {
    const builder = column<unknown, Family>(typeOf(one), one.name)
    return [keyOf(one.name, names), one.nullable ? builder : builder.notNull()] as const
  })
  return columns.length === 0 ? {} : { columns: Object.fromEntries(builders) }
}

/** A constraint by its name, where it has one. */
export function named<E extends { named(name: string): E }>(extra: E, name: string | undefined): E {
  return name === undefined || name === '' ? extra : extra.named(name)
}

/** An expression by its source. */
export const raw = (source: string) => sql`${sql.unsafe(source)}` as unknown as ExpressionNode

/** A predicate by its source. */
export const predicate = (source: string) => sql(boolean().notNull())`${sql.unsafe(source)}`
