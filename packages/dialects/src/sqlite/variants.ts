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
 * SQLite has the values of many types as the same texts and numbers, and compares and stores them whatever they stand for.
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

/** Types that a program names, each of which is one of its own. */
const NAMED = /^(?:enum|composite) /

/** Types whose values are kept as texts or numbers that say nothing of the type; two of one line have one form. */
const FORMS: readonly RegExp[] = [
  ...[/^time$/, /^timetz$/, /^interval$/, /^(?:inet|cidr)$/, /^macaddr$/, /^macaddr8$/, /^(?:bit|varbit)$/],
  ...[/^oid$/, /^xml$/, /^hstore$/, NAMED],
]

/** Refuses values of two types beside each other that would only seem to be alike here. */
export function refuseMixed(left: SqlType, right: SqlType, to: Writer): void {
  if (left === right || (left.name === right.name && left.element === undefined)) return
  if (left.family === 'named' && right.family === 'named') refuseOtherForms(left, right, to)
  if ((left.base ?? left.element ?? right.base ?? right.element) === undefined) return
  if (left.family === 'array' && right.family === 'array') {
    refuseMixed(left.element as SqlType, right.element as SqlType, to)
    return
  }
  if (left.family === 'unknown' || right.family === 'unknown') return
  const variant = variantOf(left)
  const other = variantOf(right)
  if (variant === other) return
  throw to.unsupported(
    `${typeText(left)} beside ${typeText(right)}: ${variant === undefined ? stored(right) : stored(left)}`,
    'Give both columns one type, or bring one to the other in the program.',
  )
}

/** PostgreSQL refuses to compare or to assign them, or brings one into the form of the other. */
function refuseOtherForms(left: SqlType, right: SqlType, to: Writer): void {
  const { name } = storedInSqlite(left)
  const { name: other } = storedInSqlite(right)
  const form = FORMS.findIndex((names) => names.test(name))
  const otherForm = FORMS.findIndex((names) => names.test(other))
  if (form < 0 || otherForm < 0 || (form === otherForm && (!NAMED.test(name) || name === other))) return
  throw to.unsupported(
    `${typeText(left)} beside ${typeText(right)}, which it keeps in different forms`,
    'Bring one to the other in the program.',
  )
}

/** Refuses an address as a network, which has no bits behind its length: PostgreSQL sets them to zero. */
export function refuseAssigned(column: SqlType, value: SqlType, to: Writer): void {
  refuseMixed(column, value, to)
  if (storedInSqlite(column).name !== 'cidr' || storedInSqlite(value).name !== 'inet') return
  throw to.unsupported('inet as a cidr', 'Make the network in the program.')
}

function stored(type: SqlType): string {
  return `values of ${type.name} are stored as ${storedInSqlite(type.element ?? type).name} there`
}

/** As {@link refuseMixed}, for a value beside the column of a query. */
export function refuseMixedQuery({ type }: ExpressionNode, { selection }: QueryNode, to: Writer): void {
  const [output] = selection.outputs
  if (output !== undefined) refuseMixed(type, output.type, to)
}

/** As {@link refuseAssigned}, for each column of a query whose rows are inserted. */
export function refuseInserted(
  columns: readonly ExpressionNode[],
  { selection }: QueryNode,
  to: Writer,
): void {
  const { outputs } = selection
  for (let i = 0; i < outputs.length; i++) {
    const column = columns[i]
    if (column !== undefined) refuseAssigned(column.type, (outputs[i] as ExpressionNode).type, to)
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

/** Refuses a value of a mapping that is another one here, as another type: it is what is stored. */
export function refuseCast(from: SqlType, target: SqlType, to: Writer): void {
  const isNumber = isNumberFamily(from.family) || isNumberFamily(target.family)
  if (isNumber || variantOf(from) !== undefined) refuseMixed(from, target, to)
}
