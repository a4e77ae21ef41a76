import { BuildError, excerpt } from '../errors.js'
import type { Expression, Typed } from '../expression/expression.js'
import { type ExpressionNode, toExpression } from '../expression/node.js'
import type { AnyExpression } from '../expression/source.js'
import { arrayType } from '../types/array.js'
import type { Stored, TypeDefinition } from '../types/definition.js'
import {
  type AnyMapping,
  type Mapping,
  mappedType,
  refuseWrapped,
  type SqliteMapping,
  type SqlMapping,
} from '../types/mapped.js'
import { bigintAs, numericAs, type TextClass, textAs, timeAs } from '../types/modes.js'
import { DATE, NUMERIC, REAL, UUID } from '../types/own-types.js'
import {
  areStoredBooleans,
  BIGINT,
  BOOLEAN,
  BYTES,
  DOUBLE,
  type Family,
  INTEGER,
  type SqlType,
  type StoredBooleans,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
} from '../types/sql-type.js'
import { CHAR, CITEXT, OID, SMALLINT, TIME } from '../types/text-types.js'
import type { SequenceOptions } from './sequence-options.js'

/** What happens to rows that refer to a row that is deleted, or whose key is changed. */
export type ReferentialAction = 'cascade' | 'restrict' | 'set null' | 'set default' | 'no action'

/** What a foreign key does when the row that it refers to changes, and its name. */
export interface ReferenceOptions {
  readonly onDelete?: ReferentialAction
  readonly onUpdate?: ReferentialAction
  /** The name of the constraint, in place of the one that the naming convention makes. */
  readonly name?: string
  /** `full`: of several columns either all are null or none is. SQLite has it not. */
  readonly match?: 'simple' | 'full'
  /** Whether it may be looked at only at the end of a transaction: `true` if that is asked for, or always. */
  readonly deferrable?: boolean | 'initially deferred'
  /** `false`: the database does not look at it at all. PostgreSQL 18. */
  readonly enforced?: boolean
  /** Rows that are there already are not looked at, where it is added to a table. PostgreSQL. */
  readonly notValid?: boolean
  /** What it is, for people: a comment of the database, where it has such. */
  readonly comment?: string
}

/** How the database numbers rows; SQLite knows none of the options of its sequence and refuses them. */
export interface IdentityOptions extends SequenceOptions {
  /** `always` refuses values from programs; `by default` (the default) takes them. */
  readonly generated?: 'always' | 'by default'
}

/** What is said of a column beside its type and its constraints. */
export interface ColumnDetails {
  /** The collation by which its texts are compared, or its schema and name; `'C'` is that of the bytes on every database. */
  readonly collation?: string | readonly [schema: string, name: string]
  /** What the column is, for people: a comment of the database, where it has such. */
  readonly comment?: string
  /** What your program knows of the column; it is carried along, and never in SQL. */
  readonly info?: unknown
  /** What PostgreSQL alone asks of a column; other databases have it as any other. */
  readonly postgres?: PostgresColumnOptions
}

/** What PostgreSQL alone asks of a column. */
export interface PostgresColumnOptions {
  /** Where long values are kept: https://www.postgresql.org/docs/current/storage-toast.html */
  readonly storage?: 'plain' | 'external' | 'extended' | 'main' | 'default'
  /** How they are compressed. */
  readonly compression?: 'pglz' | 'lz4' | 'default'
  /** That a table which this one inherits from has it: it can be read and written, and is not created again. */
  readonly inherited?: boolean
}

/** A target of a foreign key: a column behind a function, since it may be declared later, or `'table.column'`. */
export type ReferenceTarget = (() => AnyExpression) | string

/** What a column builder holds. */
export interface ColumnOptions extends ColumnDetails {
  /** Whether the database computes it, see `generated`. */
  readonly isGenerated?: true
  readonly name: string | undefined
  readonly sqlType: SqlType
  readonly notNull: boolean
  readonly primaryKey: boolean
  readonly unique: boolean | string
  readonly defaultValue: ExpressionNode | undefined
  readonly identity: IdentityOptions | undefined
  readonly reference: { readonly target: ReferenceTarget; readonly options: ReferenceOptions } | undefined
}

/** Whether an insert may leave a column out; `always` if it must, since the database alone gives the values. */
export type HasDefault = boolean | 'always'

/**
 * A column as it is declared, and a type wherever one is asked for. Nullable unless it says otherwise, as in SQL.
 * Every method returns another builder; `V` is the value, `D` whether an insert may leave the column out.
 */
export interface ColumnBuilder<out V, out F extends Family, out D extends HasDefault = false>
  extends TypeDefinition<V, F> {
  readonly '~hasDefault': D
  /** The column always has a value: `not null`. */
  notNull(): ColumnBuilder<NonNullable<V>, F, D>
  /** The column is the primary key of its table, and so never null. For several columns see {@link primaryKey}. */
  primaryKey(): ColumnBuilder<NonNullable<V>, F, D>
  /** No two rows have the same value; optionally the constraint's name. */
  unique(name?: string): ColumnBuilder<V, F, D>
  /**
   * The value that the database gives a row whose insert leaves the column out: a value, or an expression.
   * @example
   * ```ts
   * boolean().notNull().default(false)
   * timestamptz().notNull().default(now())
   * ```
   */
  default(
    value: NonNullable<V> | Expression<V | Stored<F> | null, never, never, F>,
  ): ColumnBuilder<V, F, true>
  /**
   * The database numbers the rows. What it numbers `always` is in no {@link InsertOf} or {@link UpdateOf}.
   *
   * PostgreSQL: `generated by default as identity (start with 1000)` · SQLite: `integer primary key`, without options
   */
  identity(options: { readonly generated: 'always' }): ColumnBuilder<NonNullable<V>, F, 'always'>
  identity(options?: IdentityOptions): ColumnBuilder<NonNullable<V>, F, true>
  /**
   * The value must be one of another table's column.
   * @example
   * ```ts
   * orgId: integer().references(() => orgs.id, { onDelete: 'cascade' })
   * managerId: bigint().references('users.id') // by name: itself, or a table declared later
   * ```
   */
  references(target: ReferenceTarget, options?: ReferenceOptions): ColumnBuilder<V, F, D>
  /**
   * What else is to be said of the column: a comment, a collation, what your program knows of it.
   * @example
   * ```ts
   * const pages = table('pages', {
   *   slug: text().notNull().with({ collation: 'C', comment: 'in the address', info: { label: 'Address' } }),
   *   body: text().with({ postgres: { storage: 'external' } }),
   * })
   * createTable(pages)
   * // PostgreSQL: create table "pages" ("slug" text collate "C" not null, "body" text storage "external")
   * // SQLite: create table "pages" ("slug" text collate "binary" not null, "body" text)
   * ```
   */
  with(details: ColumnDetails): ColumnBuilder<V, F, D>
}

/** The options of any column builder, of whichever installed copy. */
export function columnOptions(builder: unknown): ColumnOptions | undefined {
  return (builder as { readonly [OPTIONS]?: ColumnOptions } | null | undefined)?.[OPTIONS]
}
const OPTIONS = Symbol.for('espalier.column')

class Builder {
  readonly [OPTIONS]: ColumnOptions
  constructor(options: ColumnOptions) {
    this[OPTIONS] = options
  }
  get sqlType(): SqlType {
    return this[OPTIONS].sqlType
  }
  with(change: Partial<ColumnOptions>): Builder {
    return new Builder({ ...this[OPTIONS], ...change })
  }
  notNull(): Builder {
    return this.with({ notNull: true })
  }
  primaryKey(): Builder {
    return this.with({ notNull: true, primaryKey: true })
  }
  unique(name?: string): Builder {
    return this.with({ unique: name ?? true })
  }
  default(value: unknown): Builder {
    if (value === null) {
      throw new BuildError(
        'invalid_default',
        'default(null) says nothing: a column without a default is null.',
      )
    }
    return this.with({ defaultValue: toExpression('default', value, this.sqlType) })
  }
  identity(options: IdentityOptions = {}): Builder {
    if (this.sqlType.family !== 'integer' && this.sqlType.family !== 'bigint') {
      throw new BuildError(
        'invalid_identity',
        `Only integer and bigint columns can be identity, not ${this.sqlType.name}.`,
      )
    }
    return this.with({ identity: options, notNull: true })
  }
  references(target: ReferenceTarget, options: ReferenceOptions = {}): Builder {
    return this.with({ reference: { target, options } })
  }
}

/** A builder of a column of a type. */
export function column<V, F extends Family>(
  sqlType: SqlType,
  name: string | undefined,
): ColumnBuilder<V | null, F> {
  return new Builder({
    name,
    sqlType,
    notNull: false,
    primaryKey: false,
    unique: false,
    defaultValue: undefined,
    identity: undefined,
    reference: undefined,
  }) as unknown as ColumnBuilder<V | null, F>
}

/** A whole number of 32 bits: `number`. The name is the column's in the database, if it differs from its key. */
export function integer(name?: string): ColumnBuilder<number | null, 'integer'> {
  return column(INTEGER, name)
}

/**
 * A whole number of 16 bits: `number`.
 *
 * PostgreSQL: `smallint` · SQLite: `integer`, of which no others are sent
 */
export function smallint(name?: string): ColumnBuilder<number | null, 'integer'> {
  return column(SMALLINT, name)
}

/**
 * The number by which PostgreSQL knows an object, such as a table: `number` from 0 to 4294967295. Its own catalog has such
 * columns; keys of your own are {@link integer} or {@link bigint}.
 *
 * PostgreSQL: `oid` · SQLite: `integer`, of which no others are sent
 */
export function oid(name?: string): ColumnBuilder<number | null, 'named'> {
  return column(OID, name)
}

/** The values that stand for a `bigint` in JavaScript, by what `as` says. */
export interface BigintValues {
  readonly bigint: bigint
  readonly number: number
  readonly string: string
}

/** What stands for a {@link bigint} in JavaScript. */
export interface BigintOptions<As extends keyof BigintValues> {
  readonly as: As
}

/**
 * A whole number of 64 bits: `bigint`. With `as`, a `number`, of which only those that JavaScript holds exactly are taken
 * and read, or a `string` of digits.
 *
 * Throws a `ValueError` that names the column, when a value is sent or read that does not fit.
 * @example
 * ```ts
 * const pages = table('pages', { id: bigint().primaryKey(), views: bigint({ as: 'number' }).notNull() })
 * const page = select({ id: pages.id, next: pages.views.add(1) }).from(pages) // next is a number
 * ```
 */
export function bigint(name?: string): ColumnBuilder<bigint | null, 'bigint'>
export function bigint<As extends keyof BigintValues>(
  options: BigintOptions<As>,
): ColumnBuilder<BigintValues[As] | null, 'bigint'>
export function bigint<As extends keyof BigintValues>(
  name: string,
  options: BigintOptions<As>,
): ColumnBuilder<BigintValues[As] | null, 'bigint'>
export function bigint(...args: NameAndOptions<{ readonly as?: string }>): never {
  const [name, { as } = {}] = nameAndOptions(args)
  return column(as === undefined ? BIGINT : bigintAs(as), name) as never
}

type NameAndOptions<O> = readonly [first?: string | O, second?: O]

/** The name of a column, if it has one, and the options of its type. */
function nameAndOptions<O extends object>([first, second]: NameAndOptions<O>): [
  string | undefined,
  O | undefined,
] {
  return typeof first === 'object' ? [undefined, first] : [first, second]
}

/** The values that stand for a `numeric` in JavaScript, by what `as` says. */
export interface NumericValues {
  readonly string: string
  readonly number: number
}

/** The digits of a {@link numeric} column, and what stands for its values in JavaScript. */
export interface NumericOptions<As extends keyof NumericValues = 'string'> {
  /** Digits in all; any number of them if left out. */
  readonly precision?: number
  /** Digits behind the point; 0 if left out. */
  readonly scale?: number
  readonly as?: As
}

/**
 * An exact decimal number: `string`, such as `'12.50'`, so that no digit is lost. With `as: 'number'`, the number nearest
 * to it; what is greater than 9007199254740991 is an error. For a class of your own see {@link mapped}.
 *
 * PostgreSQL: `numeric(10, 2)` · SQLite: `numeric(10, 2)`, exact to 15 digits; more are refused
 */
export function numeric(name?: string): ColumnBuilder<string | null, 'numeric'>
export function numeric<As extends keyof NumericValues = 'string'>(
  options: NumericOptions<As>,
): ColumnBuilder<NumericValues[As] | null, 'numeric'>
export function numeric<As extends keyof NumericValues = 'string'>(
  name: string,
  options: NumericOptions<As>,
): ColumnBuilder<NumericValues[As] | null, 'numeric'>
export function numeric(...args: NameAndOptions<NumericOptions<keyof NumericValues>>): never {
  const [name, options = {}] = nameAndOptions(args)
  const { precision, scale = 0, as } = options
  const isWhole = (digits: number, least: number, most: number) =>
    Number.isInteger(digits) && digits >= least && digits <= most
  const isStated = precision !== undefined || options.scale !== undefined
  if (isStated && (!isWhole(precision ?? 0, 1, 1000) || !isWhole(scale, 0, precision ?? 0))) {
    throw new BuildError(
      'invalid_type',
      `numeric takes a precision of 1 to 1000 and a scale up to it, not ${excerpt(options)}.`,
    )
  }
  const type = precision === undefined ? NUMERIC : { ...NUMERIC, precision, scale }
  return column(as === undefined ? type : numericAs(type, as), name) as never
}

/** A floating-point number of 32 bits: `number`. */
export function real(name?: string): ColumnBuilder<number | null, 'real'> {
  return column(REAL, name)
}

/** A floating-point number of 64 bits, JavaScript's own: `number`. */
export function double(name?: string): ColumnBuilder<number | null, 'real'> {
  return column(DOUBLE, name)
}

/** How SQLite has the values of a {@link boolean} column. */
export interface BooleanOptions {
  /** What it stores for true and for false, in a table that others write: two texts, or two whole numbers. */
  readonly sqlite: { readonly storedAs: StoredBooleans }
}

/**
 * True or false: `boolean`. SQLite stores 1 and 0, unless the column says otherwise. It is then written, compared and
 * computed with as before.
 *
 * Throws a `BuildError` for texts or numbers that cannot be told apart.
 * @example
 * ```ts
 * const flags = table('flags', { done: boolean({ sqlite: { storedAs: { true: 'Y', false: 'N' } } }).notNull() })
 * const done = select(flags).from(flags).where(flags.done.eq(true))
 * done.toSQL(sqliteDialect).params // ['Y']
 * done.toSQL(postgresDialect).params // [true]
 * ```
 */
export function boolean(name?: string): ColumnBuilder<boolean | null, 'boolean'>
export function boolean(options: BooleanOptions): ColumnBuilder<boolean | null, 'boolean'>
export function boolean(name: string, options: BooleanOptions): ColumnBuilder<boolean | null, 'boolean'>
export function boolean(...args: NameAndOptions<BooleanOptions>): never {
  const [name, options] = nameAndOptions(args)
  if (options === undefined) return column(BOOLEAN, name) as never
  const storage = options.sqlite?.storedAs
  if (!areStoredBooleans(storage)) {
    throw new BuildError(
      'invalid_type',
      `boolean is stored as two different texts or whole numbers, { true: 'Y', false: 'N' }, not as ${excerpt(storage)}.`,
    )
  }
  return column({ ...BOOLEAN, storage: { true: storage.true, false: storage.false } }, name) as never
}

/** A text of any length: `string`. PostgreSQL's cannot hold the NUL character. */
export function text(name?: string): ColumnBuilder<string | null, 'text'> {
  return column(TEXT, name)
}

/**
 * A text of at most so many characters: `string`; a longer one is refused before it is sent. Without a length it is a text of
 * any length, under this name.
 */
export function varchar(length?: number): ColumnBuilder<string | null, 'text'>
export function varchar(name: string, length?: number): ColumnBuilder<string | null, 'text'>
export function varchar(first?: string | number, second?: number): ColumnBuilder<string | null, 'text'> {
  const [name, length] = typeof first === 'string' ? [first, second] : [undefined, first]
  if (length === undefined) return column({ name: 'varchar', family: 'text' }, name)
  if (!Number.isInteger(length) || length < 1 || length > 10_485_760) {
    throw new BuildError('invalid_type', `varchar takes a length from 1 to 10485760, not ${excerpt(length)}.`)
  }
  return column({ name: 'varchar', family: 'text', length }, name)
}

/**
 * A text of so many characters, neither more nor fewer, which are refused before they are sent: `string`. So the spaces
 * that PostgreSQL would fill it with, and leave out where it compares, make no difference.
 *
 * PostgreSQL: `char(2)` · SQLite: `text`
 */
export function char(length: number): ColumnBuilder<string | null, 'text'>
export function char(name: string, length: number): ColumnBuilder<string | null, 'text'>
export function char(first: string | number, second?: number): ColumnBuilder<string | null, 'text'> {
  const length = typeof first === 'number' ? first : second
  if (length === undefined || !Number.isInteger(length) || length < 1 || length > 10_485_760) {
    throw new BuildError('invalid_type', `char takes a length from 1 to 10485760, not ${excerpt(length)}.`)
  }
  return column({ ...CHAR, length }, typeof first === 'string' ? first : undefined)
}

/**
 * A text that is compared without regard to case, and kept as it was given: `string`. PostgreSQL has the type in its
 * extension `citext`, which a database is given by `create extension citext`. SQLite knows the case of ASCII only.
 *
 * PostgreSQL: `citext` · SQLite: `text collate nocase`
 */
export function citext(name?: string): ColumnBuilder<string | null, 'text'> {
  return column(CITEXT, name)
}

/**
 * A time of day, without day or zone: `string` as `'10:30:00'`, with up to six digits behind the second where it has them;
 * with `as: Temporal.PlainTime`, a value of that class.
 *
 * PostgreSQL: `time` · SQLite: `text`
 */
export function time(name?: string): ColumnBuilder<string | null, 'named'>
export function time<T extends object>(options: ClassOptions<T>): ColumnBuilder<T | null, 'named'>
export function time<T extends object>(
  name: string,
  options: ClassOptions<T>,
): ColumnBuilder<T | null, 'named'>
export function time(...args: NameAndOptions<ClassOptions<object>>): never {
  return textColumn(TIME, args)
}

/** A day of the calendar, without time or zone: `string` as `'2026-11-21'`; with `as: Temporal.PlainDate`, a value of that class. */
export function date(name?: string): ColumnBuilder<string | null, 'date'>
export function date<T extends object>(options: ClassOptions<T>): ColumnBuilder<T | null, 'date'>
export function date<T extends object>(
  name: string,
  options: ClassOptions<T>,
): ColumnBuilder<T | null, 'date'>
export function date(...args: NameAndOptions<ClassOptions<object>>): never {
  return textColumn(DATE, args)
}

function textColumn(type: SqlType, args: NameAndOptions<ClassOptions<object>>): never {
  const [name, options] = nameAndOptions(args)
  return column(options === undefined ? type : textAs(type, options.as), name) as never
}

/** The values that stand for a `timestamp` or a `timestamptz` in JavaScript, by what `as` says. */
export interface TimeValues {
  readonly Date: Date
  readonly string: string
}

/** What `as` of a {@link timestamp} or a {@link timestamptz} may be: a name, or a class such as `Temporal.Instant`. */
export type TimeForm = keyof TimeValues | TextClass<object>

/** The values of a form: those of its name, or of the class. */
export type TimeValue<As> = As extends keyof TimeValues
  ? TimeValues[As]
  : As extends { from(text: string): infer T }
    ? T
    : never

/** The class whose values stand for those of a {@link date} or a {@link time}. */
export interface ClassOptions<T extends object> {
  readonly as: TextClass<T>
}

/**
 * How SQLite has the times of a column that others write: as numbers, or as texts such as `2026-11-21 10:30:00`, which
 * SQLite's `datetime` and `current_timestamp` make.
 */
export type TimeStorage = 'unix seconds' | 'unix milliseconds' | 'julian day' | 'datetime'

/** What stands for a {@link timestamp} or a {@link timestamptz} in JavaScript, and how SQLite has it. */
export interface TimeOptions<As extends TimeForm = 'Date'> {
  readonly as?: As
  /** In which form SQLite has the values of the column; without it, as a text of ISO 8601. */
  readonly sqlite?: { readonly storedAs: TimeStorage }
}

/**
 * A date and time of day without zone: `Date`, whose UTC fields are the fields of the timestamp. With `as: 'string'`, a
 * text such as `'2026-11-21T10:30:00.123456'`, which has the microseconds that PostgreSQL keeps and a `Date` cuts off;
 * with `as: Temporal.PlainDateTime`, a value of that class, which has them too. With `sqlite`, the form in which SQLite has it, as for {@link timestamptz}.
 */
export function timestamp(name?: string): ColumnBuilder<Date | null, 'timestamp'>
export function timestamp<As extends TimeForm = 'Date'>(
  options: TimeOptions<As>,
): ColumnBuilder<TimeValue<As> | null, 'timestamp'>
export function timestamp<As extends TimeForm = 'Date'>(
  name: string,
  options: TimeOptions<As>,
): ColumnBuilder<TimeValue<As> | null, 'timestamp'>
export function timestamp(...args: NameAndOptions<TimeOptions<TimeForm>>): never {
  return timeColumn(TIMESTAMP, args)
}

/**
 * An instant: `Date`. PostgreSQL keeps microseconds, of which a `Date` has only the milliseconds. With `as: 'string'`, a
 * text in UTC with all of them, such as `'2026-11-21T10:30:00.123456Z'`; given with any offset. With `as: Temporal.Instant`, a value of that
 * class, built in or of a polyfill; one of nanoseconds is refused.
 *
 * SQLite keeps milliseconds: finer times are refused. It has a text of ISO 8601, unless `sqlite` says in which form others
 * write the column; the column is then written and compared in that form, and all functions of times take it. What the
 * form does not hold, such as parts of a second, is cut off when it is stored. On PostgreSQL this changes nothing.
 * @example
 * ```ts
 * const readings = table('readings', { at: timestamptz({ as: 'string' }).notNull() })
 * const row = insert(readings).values({ at: '2026-11-21T10:30:00.123456+01:00' })
 * row.toSQL(postgresDialect).params // ['2026-11-21T09:30:00.123456Z']
 * ```
 */
export function timestamptz(name?: string): ColumnBuilder<Date | null, 'timestamptz'>
export function timestamptz<As extends TimeForm = 'Date'>(
  options: TimeOptions<As>,
): ColumnBuilder<TimeValue<As> | null, 'timestamptz'>
export function timestamptz<As extends TimeForm = 'Date'>(
  name: string,
  options: TimeOptions<As>,
): ColumnBuilder<TimeValue<As> | null, 'timestamptz'>
export function timestamptz(...args: NameAndOptions<TimeOptions<TimeForm>>): never {
  return timeColumn(TIMESTAMPTZ, args)
}

const TIME_STORAGES: readonly unknown[] = ['unix seconds', 'unix milliseconds', 'julian day', 'datetime']

function timeColumn(type: SqlType, args: NameAndOptions<TimeOptions<TimeForm>>): never {
  const [name, { as = 'Date', sqlite } = {}] = nameAndOptions(args)
  if (sqlite === undefined) return column(timeAs(type, as), name) as never
  const { storedAs } = sqlite
  if (!TIME_STORAGES.includes(storedAs)) {
    const forms = TIME_STORAGES.map((form) => `'${form}'`).join(', ')
    throw new BuildError('invalid_type', `${type.name} is stored as ${forms}, not as ${excerpt(storedAs)}.`)
  }
  return column(timeAs({ ...type, storage: storedAs }, as), name) as never
}

/**
 * An array of elements of a type: an array in JavaScript, whose elements may be null unless the type is `notNull()`.
 *
 * SQLite keeps it as JSON of the values that it stores for each element, equal arrays as equal texts. It compares arrays for
 * equality only, and refuses texts with NUL (`\u0000`) in them.
 *
 * PostgreSQL: `text[]` · SQLite: `text`
 * @example
 * ```ts
 * tags: array(text().notNull()).notNull() // string[]
 * ```
 */
export function array<V, F extends Family>(element: TypeDefinition<V, F>): ColumnBuilder<V[] | null, 'array'>
export function array<V, F extends Family>(
  name: string,
  element: TypeDefinition<V, F>,
): ColumnBuilder<V[] | null, 'array'>
export function array(
  first: string | TypeDefinition<unknown, Family>,
  second?: TypeDefinition<unknown, Family>,
): ColumnBuilder<unknown[] | null, 'array'> {
  const element = typeof first === 'string' ? second : first
  if (element?.sqlType === undefined) {
    throw new BuildError(
      'invalid_type',
      `array takes the type of its elements, such as text(), not ${excerpt(element)}.`,
    )
  }
  // A form in which SQLite has a column is not that of what stands in arrays.
  const { sqlType } = element
  const plain = sqlType.storage === undefined ? sqlType : { ...sqlType, storage: undefined }
  return column(arrayType(plain), typeof first === 'string' ? first : undefined)
}

/** A UUID: `string` in lower case. */
export function uuid(name?: string): ColumnBuilder<string | null, 'uuid'> {
  return column(UUID, name)
}

/** Bytes: `Uint8Array`. PostgreSQL: `bytea` · SQLite: `blob` */
export function bytes(name?: string): ColumnBuilder<Uint8Array | null, 'bytes'> {
  return column(BYTES, name)
}

/**
 * A type whose values a program has in a form of its own, by a function each way; the database has those of the type that
 * is mapped. It is used as that: as a column, a parameter, an element of an array, in `cast`. NULL stays `null`, and is
 * not given to the functions.
 *
 * Computing with such values and comparing them is done by the database, with what it has. Where a value of the type
 * below is wanted, write `cast(x, text())`; so also in JSON, where such values have no form.
 *
 * What the functions throw becomes a `ValueError` that names the column.
 *
 * With `sqlite`, SQLite has the values as another type, with two functions of its own.
 *
 * With `write` and `read`, SQL stands around the values: `write` is given the parameter wherever a value is sent, and `read` the
 * column, or another expression of the type, wherever the rows of a query are read. `stored` is then the type of the column.
 * @example
 * ```ts
 * const url = mapped(text(), {
 *   name: 'url',
 *   encode: (value: URL) => value.href,
 *   decode: (href) => new URL(href),
 * })
 * const links = table('links', { id: integer().primaryKey(), target: url.notNull() })
 * const row = insert(links).values({ id: 1, target: new URL('https://example.org') })
 * row.toSQL(sqliteDialect).params // [1, 'https://example.org/']
 * ```
 */
export function mapped<V, F extends Family, T, W = V, G extends Family = F>(
  type: TypeDefinition<V, F>,
  mapping: Mapping<NonNullable<V>, T> &
    SqlMapping<Typed<F, NonNullable<V>, never, never>> & {
      readonly sqlite?: SqliteMapping<W, T, G> & SqlMapping<Typed<G, NonNullable<W>, never, never>>
    },
): ColumnBuilder<T | (V & null), F> {
  const { name, encode, decode, sqlite } = (mapping ?? {}) as Partial<typeof mapping>
  if (type?.sqlType === undefined || typeof encode !== 'function' || typeof decode !== 'function') {
    throw new BuildError(
      'invalid_type',
      'mapped takes a type such as text(), and { name, encode, decode } with two functions.',
    )
  }
  if (sqlite !== undefined && sqlite?.type?.sqlType === undefined) {
    throw new BuildError(
      'invalid_type',
      `mapped takes sqlite: { type, encode, decode } with a type such as text(), not ${excerpt(sqlite)}.`,
    )
  }
  if (typeof name !== 'string' || name === '') {
    throw new BuildError('invalid_type', `mapped takes a name for the type, not ${excerpt(name)}.`)
  }
  const { stored, write, read } = mapping
  if (
    (stored !== undefined && typeof stored !== 'string') ||
    ![write, read].every((one) => one === undefined || typeof one === 'function')
  ) {
    throw new BuildError(
      'invalid_type',
      `mapped takes write and read as functions of an expression, and stored as a text, not ${excerpt({ stored, write, read })}.`,
    )
  }
  refuseWrapped('mapped(…)', type.sqlType)
  const sqlType = mappedType(type.sqlType, mapping as unknown as AnyMapping)
  const options = columnOptions(type)
  if (options === undefined) return column<T, F>(sqlType, undefined) as ColumnBuilder<never, F>
  return new Builder({ ...options, sqlType }) as unknown as ColumnBuilder<never, F>
}
