import {
  AddEnumValueNode,
  type Dialect,
  ddl,
  type EnumType,
  excerpt,
  type ObjectName,
  RenameObjectNode,
} from '@espalier/core'
import { MigrationError } from '../errors.js'
import { rewriteEnum } from '../postgres/enum.js'
import { replaceLists } from '../sqlite/enum.js'
import { displayName } from './describe.js'
import type { AnyStatement, Operation } from './operation.js'

/** What becomes of values of an enum that have another name, or none any more. */
export interface ChangeEnumOptions {
  /** New names by the old ones. */
  readonly rename?: Readonly<Record<string, string>>
  /** Of values that are gone: the one that rows get in their place, or null. Without it, such rows are refused. */
  readonly replace?: Readonly<Record<string, string | null>>
}

/**
 * Changes the values of an enum: adds, renames, drops and orders them. Reversed the other way round; rows that have a value by
 * then which was not there before are refused, with their number.
 *
 * PostgreSQL: `alter type … add value`, `rename value` where that is enough; what drops or moves a value makes the type anew,
 * with every column of it, and locks their tables (access exclusive) while all rows are written. A value that is added cannot
 * be used before the revision is committed. · SQLite: the checks of the columns that have just this list, by one copy of each
 * table
 *
 * Throws a `MigrationError` where nothing is changed, or for values that neither has.
 * @example
 * ```ts
 * const mood = enumType('mood', ['sad', 'happy'])
 * const moods = enumType('mood', ['sad', 'ok', 'glad'])
 * changeEnum(mood, moods, { rename: { happy: 'glad' } })
 * // PostgreSQL: alter type "mood" rename value 'happy' to 'glad'
 * //             alter type "mood" add value 'ok' after 'sad'
 * ```
 */
export function changeEnum<F extends string, T extends string>(
  from: EnumType<F>,
  to: EnumType<T>,
  options: ChangeEnumOptions = {},
): Operation {
  const name = nameOf(from)
  if (name !== nameOf(to)) {
    throw new MigrationError(
      'invalid_operation',
      `changeEnum takes two states of one enum, not '${name}' and '${nameOf(to)}'; renameObject('type', …) gives it another name.`,
    )
  }
  const { rename = {}, replace = {} } = options
  const known: readonly string[] = from.values
  const wanted: readonly string[] = to.values
  for (const [old, renamed] of Object.entries(rename)) {
    if (!known.includes(old) || !wanted.includes(renamed) || known.includes(renamed))
      throw invalid(name, `rename ${excerpt(old)} to ${excerpt(renamed)}`)
  }
  for (const [old, kept] of Object.entries(replace)) {
    if (!known.includes(old) || wanted.includes(old) || (kept !== null && !wanted.includes(kept)))
      throw invalid(name, `replace ${excerpt(old)} by ${excerpt(kept)}`)
  }
  const renamed = known.map((value) => rename[value] ?? value)
  const gone = renamed.filter((value) => !wanted.includes(value))
  const added = wanted.filter((value) => !renamed.includes(value))
  const isKept =
    gone.length === 0 && wanted.filter((value) => renamed.includes(value)).join('\0') === renamed.join('\0')
  const changes = [
    ...Object.entries(rename).map(([old, value]) => `rename '${old}' to '${value}'`),
    ...added.map((value) => `add '${value}'`),
    ...gone.map((value) => `drop '${value}'`),
    ...(isKept || gone.length > 0 ? [] : ['order them']),
  ]
  if (changes.length === 0)
    throw new MigrationError('invalid_operation', `changeEnum of '${name}' changes nothing.`)
  const object: ObjectName = { kind: 'type', name }
  const all = new Map<string, string | null>(Object.entries({ ...rename, ...replace }))
  const byStatements = (): readonly AnyStatement[] => {
    const present = new Set(renamed)
    return [
      ...Object.entries(rename).map(([old, value]) =>
        ddl(new RenameObjectNode(object, { kind: 'value', name: old }, value)),
      ),
      ...added.map((value) => {
        const at = wanted.indexOf(value)
        const before = wanted[at - 1]
        const after = wanted.slice(at + 1).find((one) => present.has(one))
        present.add(value)
        const place = before !== undefined ? { after: before } : { before: after }
        return ddl(new AddEnumValueNode(object, value, place, false))
      }),
    ]
  }
  const isByStatements = (dialect: Dialect) => dialect.lacks.textTypes !== true && isKept
  return {
    kind: 'changeEnum',
    description: `change enum ${displayName(name)}: ${changes.join(', ')}`,
    statements: (dialect) => (isByStatements(dialect) ? byStatements() : []),
    perform: (dialect) => {
      if (isByStatements(dialect)) return undefined
      return dialect.lacks.textTypes === true
        ? (tx) => replaceLists(tx, known, wanted, gone, all)
        : (tx) => rewriteEnum(tx, to.sqlType, name, gone, all)
    },
    reverse: () =>
      changeEnum(to, from, {
        rename: Object.fromEntries(Object.entries(rename).map(([old, value]) => [value, old])),
      }),
    call: ['changeEnum', from, to, options],
  }
}

function nameOf(type: EnumType<string>): string {
  const name = type?.sqlType?.name
  if (name?.startsWith('enum ') && type.values !== undefined) return name.slice('enum '.length)
  throw new MigrationError(
    'invalid_operation',
    `changeEnum takes what enumType(…) made, not ${excerpt(type)}.`,
  )
}

function invalid(name: string, what: string): MigrationError {
  return new MigrationError(
    'invalid_operation',
    `changeEnum of '${name}' cannot ${what}: the first must be a value of before that is gone, the other one of behind.`,
  )
}
