import {
  boolean,
  type CatalogIndex,
  type CatalogIndexKey,
  type CatalogProblem,
  type ColumnNode,
  type ExpressionNode,
  index,
  type Metadata,
  type OrderingNode,
  sql,
  type TableExtra,
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

/** A constraint by its name, where it has one. */
export function named<E extends { named(name: string): E }>(extra: E, name: string | undefined): E {
  return name === undefined || name === '' ? extra : extra.named(name)
}

/** An expression by its source. */
export const raw = (source: string) => sql`${sql.unsafe(source)}` as unknown as ExpressionNode

/** A predicate by its source. */
export const predicate = (source: string) => sql(boolean().notNull())`${sql.unsafe(source)}`

/** An index by what its catalog says, with its keys as `keyOf` makes them. */
export function indexOf(
  { name, unique: isUnique, keys, where }: CatalogIndex,
  keyOf: (key: CatalogIndexKey, plain: ExpressionNode) => ExpressionNode | OrderingNode,
  columnOf: (name: string) => ColumnNode,
): TableExtra {
  const made = keys.map((key) =>
    keyOf(key, key.column === undefined ? raw(key.expression ?? '') : columnOf(key.column)),
  )
  const extra = index(...(made as never[])).named(name)
  const unique = isUnique ? extra.unique() : extra
  return where === undefined ? unique : unique.where(predicate(where))
}
