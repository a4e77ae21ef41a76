import {
  type ExpressionNode,
  isNumberFamily,
  OWN,
  type QueryNode,
  type SqlType,
  storedInSqlite,
  typeText,
  type Writer,
} from '@espalier/core'

/*
 * A mapping may be another type on SQLite: whole numbers of cents where others have decimals. Beside values of other types,
 * and computed with, such values mean something else there, and nothing would tell.
 */

/** The name of the mapping that makes a type, or that of the elements of an array, another one here. */
function variantOf(type: SqlType): string | undefined {
  const { base, family, element } = type
  if ((type[OWN] as { readonly sqlite?: unknown } | undefined)?.sqlite !== undefined) return type.name
  const below = base ?? (family === 'array' ? element : undefined)
  return below === undefined ? undefined : variantOf(below)
}

/** Refuses values of two types beside each other of which one alone is another type here. */
export function refuseMixed(left: SqlType, right: SqlType, to: Writer): void {
  if (left === right || (left.base ?? left.element ?? right.base ?? right.element) === undefined) return
  if (left.family === 'unknown' || right.family === 'unknown') return
  const variant = variantOf(left)
  const other = variantOf(right)
  if (variant === other) return
  throw to.unsupported(
    `${typeText(left)} beside ${typeText(right)}: ${variant === undefined ? stored(right) : stored(left)}`,
    'Give both columns one type, or bring one to the other in the program.',
  )
}

function stored(type: SqlType): string {
  return `values of ${type.name} are stored as ${storedInSqlite(type.element ?? type).name} there`
}

/** As {@link refuseMixed}, for the column of a query, if it has one. */
export function refuseMixedColumns(left: readonly ExpressionNode[], query: QueryNode, to: Writer): void {
  const { outputs } = query.selection
  for (let i = 0; i < left.length && i < outputs.length; i++) {
    refuseMixed((left[i] as ExpressionNode).type, (outputs[i] as ExpressionNode).type, to)
  }
}

/** What does not give of multiples the same multiple. */
const COMPUTED =
  /^(?:mul|div|mod|round|ceil|floor|trunc|sqrt|cbrt|exp|ln|log|log10|power|sign|degrees|radians|avg|a?(?:sin|cos|tan)h?|atan2)$/

/** Refuses to compute with numbers of a mapping that are other numbers here, where that would not give the same. */
export function refuseComputed(name: string, operands: readonly ExpressionNode[], to: Writer): void {
  for (let i = 0; i < operands.length; i++) {
    const { type } = operands[i] as ExpressionNode
    if (type.base === undefined || !COMPUTED.test(name)) continue
    if (!isNumberFamily(type.family) || variantOf(type) === undefined) continue
    throw to.unsupported(
      `${name} of ${typeText(type)}: ${stored(type)}, of which it is not the same`,
      'Compute it in the program.',
    )
  }
}

/** Refuses a number of a mapping that is another number here, as another type: it is the number that is stored. */
export function refuseCast(from: SqlType, target: SqlType, to: Writer): void {
  if (isNumberFamily(from.family) || isNumberFamily(target.family)) refuseMixed(from, target, to)
}
