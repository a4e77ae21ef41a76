import { type SqlType, storedInSqlite, typeText, type Writer } from '@espalier/core'
import { hasCheck } from './checks.js'

/**
 * A decimal such as 2.675 is stored as the double beside it, which may be less, and would be rounded down where PostgreSQL
 * rounds up. Two units in the last place put it on the far side; two decimals of 15 digits are never that near.
 */
export const NUDGE = ' * 1.0000000000000004'

/**
 * Casts that SQLite by itself does otherwise than PostgreSQL, or not at all, as the SQL around the operand, which may
 * stand in it several times. Undefined where `cast(… as …)` means the same.
 *
 * See https://sqlite.org/lang_expr.html#cast_expressions
 */
export function castTexts(from: SqlType, target: SqlType): readonly string[] | undefined {
  const to = storedInSqlite(target)
  const cast = byFamily[`${storedInSqlite(from).family} ${to.family}`]
  if (cast !== undefined) return cast
  if (to.name === 'varchar' && to.length !== undefined) return ['substr(cast(', ` as text), 1, ${to.length})`]
  if (to.name === 'numeric' && to.precision !== undefined) {
    return ['round(cast(', ` as numeric)${NUDGE}, ${to.scale ?? 0})`]
  }
  return undefined
}

/** Types that are kept as texts in one form, into which SQLite can bring no other text. */
const IN_ONE_FORM = /^(?:inet|cidr|macaddr8?|interval|timetz|hstore|bit|array|composite .*)$/s

/** Refuses casts of which the text would not be that of the value. */
export function refuseCastOfForm(from: SqlType, target: SqlType, to: Writer): void {
  if (hasCheck(target) && from.name !== target.name) {
    throw to.unsupported(
      `cast to ${target.name}, which has a check`,
      'Cast to the type that the domain is made of: the column that takes the value checks it.',
    )
  }
  const { name: source, family } = storedInSqlite(from)
  const { name } = storedInSqlite(target)
  if (source === name || family === 'unknown' || (source === 'cidr' && name === 'inet')) return
  if (IN_ONE_FORM.test(name)) {
    throw to.unsupported(
      `cast of ${typeText(from)} to ${typeText(target)}, whose values it keeps as texts in one form`,
      'Give a value with its type, literal(value, type), and bring what is stored into it in the program.',
    )
  }
  if (/^(?:inet|cidr)$/.test(source)) {
    throw to.unsupported(
      `cast of ${typeText(from)}, whose values it keeps in a form that sorts`,
      'Select the value itself, which is a text in the program.',
    )
  }
}

// SQLite cuts the fraction off. PostgreSQL rounds: decimals half away from zero, floating-point numbers half to even.
const roundDecimal = ['cast(round(', ') as integer)']
const roundReal = [
  'cast(case when abs(',
  ' - cast(',
  ' as integer)) = 0.5 then 2 * round(',
  ' / 2) else round(',
  ') end as integer)',
]
const isNotZero = ['(', ' <> 0)']

const byFamily: Readonly<Record<string, readonly string[]>> = {
  'json json': ['', ''],
  'numeric integer': roundDecimal,
  'numeric bigint': roundDecimal,
  'real integer': roundReal,
  'real bigint': roundReal,
  'integer boolean': isNotZero,
  'bigint boolean': isNotZero,
  'text boolean': [
    '(case when lower(trim(',
    ")) in ('true', 't', 'yes', 'y', 'on', '1') then 1 when lower(trim(",
    ")) in ('false', 'f', 'no', 'n', 'off', '0') then 0 end)",
  ],
  'boolean text': ['(case ', " when 1 then 'true' when 0 then 'false' end)"],
  'timestamp date': ['substr(', ', 1, 10)'],
  'timestamptz date': ['substr(', ', 1, 10)'],
  'date timestamp': ['(', " || 'T00:00:00.000')"],
  'date timestamptz': ['(', " || 'T00:00:00.000Z')"],
  'timestamp timestamptz': ['(', " || 'Z')"],
  'timestamptz timestamp': ['rtrim(', ", 'Z')"],
  // As PostgreSQL writes it: a space between, and no zeros behind the seconds.
  'timestamp text': ["rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', ", "), '0'), '.')"],
  'text timestamp': ["strftime('%Y-%m-%dT%H:%M:%f', ", ')'],
  'text timestamptz': ["strftime('%Y-%m-%dT%H:%M:%fZ', ", ')'],
  'text date': ['date(', ')'],
}
