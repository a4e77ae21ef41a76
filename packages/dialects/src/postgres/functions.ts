import type { AggregateNode } from '@espalier/core'

/** The name of an aggregate where PostgreSQL has another one; it has no order of booleans. */
export function postgresAggregate({ name, type }: AggregateNode): string | undefined {
  if (type.family !== 'boolean') return undefined
  return name === 'min' ? 'bool_and' : name === 'max' ? 'bool_or' : undefined
}
