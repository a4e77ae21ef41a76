import * as z from 'zod'
import { BuildError, excerpt } from '../errors.js'
import { type ExpressionNode, isExpression } from '../expression/node.js'
import { type ColumnNode, type ColumnTree, sourceInfo } from '../expression/source.js'
import type { ColumnOptions } from '../schema/column.js'
import { type AnyTable, declarationOf } from '../schema/table.js'
import { absentNames } from '../statement/absent.js'
import type { Shape } from '../statement/selection.js'
import { requireTable } from '../statement/target.js'
import { isColumnNeverNull, isOutputNeverNull, type Rows } from './never-null.js'
import type { InsertShape, KnownKeys, Refined, Refinements, RowSchema, UpdateShape } from './shapes.js'
import { valueSchema } from './value-schema.js'

type ColumnsOf<T extends AnyTable> = T['~columns']
type WithRows = { readonly '~row': unknown } | { readonly '~columns': unknown }

/**
 * The zod schema of the rows of a statement, or of a table or another source: of the type `RowOf`, and of what the columns
 * say beyond it, such as the length of a `varchar`. Objects of the rows are objects of schemas; a whole table that an
 * outer join may leave out is nullable. `refine` makes other schemas of some columns.
 *
 * Of an expression, the type may say that it is never null where its nodes do not; the schema then takes null too.
 *
 * Throws a `BuildError` for a statement without rows, and for refinements of keys that the rows do not have.
 * @example
 * ```ts
 * const user = selectSchema(users, { email: (schema) => schema.max(100) })
 * user.parse(await db.one(select(users).from(users).limit(1))).email // 'ann@x.org'
 * const listed = select({ email: users.email, org: orgs }).from(users).leftJoin(orgs)
 * selectSchema(listed).parse({ email: 'x@x.org', org: null }) // { email: 'x@x.org', org: null }
 * ```
 */
export function selectSchema<T extends WithRows>(of: T): RowSchema<T>
export function selectSchema<T extends WithRows, R extends Refinements<RowSchema<T>>>(
  of: T,
  refine: R & KnownKeys<R, RowSchema<T>>,
): Refined<RowSchema<T>, R>
export function selectSchema(of: unknown, refine?: object): never {
  const info = sourceInfo(of)
  const schema = info === undefined ? rowSchema(of) : z.object(columnShape(info.columns))
  return refined('selectSchema', schema, refine) as never
}

/**
 * The zod schema of a row to insert into a table: of the type `InsertOf`. A value that it accepts is one that
 * `insert(table).values(…)` takes: a column may be left out, but is not `undefined`; keys that are no columns are dropped;
 * a column that the database numbers always is refused.
 * @example
 * ```ts
 * const body = insertSchema(users, { email: (schema) => schema.email() })
 * const user = body.parse({ orgId: 1, email: 'cyd@x.org', isAdmin: true }) // { orgId: 1, email: 'cyd@x.org' }
 * await db.run(insert(users).values(user))
 * ```
 */
export function insertSchema<T extends AnyTable>(table: T): z.ZodObject<InsertShape<ColumnsOf<T>>>
export function insertSchema<
  T extends AnyTable,
  R extends Refinements<z.ZodObject<InsertShape<ColumnsOf<T>>>>,
>(
  table: T,
  refine: R & KnownKeys<R, z.ZodObject<InsertShape<ColumnsOf<T>>>>,
): Refined<z.ZodObject<InsertShape<ColumnsOf<T>>>, R>
export function insertSchema(table: unknown, refine?: object): never {
  const schema = givenSchema('insertSchema', table, (options) => {
    return !options.notNull || options.defaultValue !== undefined || options.identity !== undefined
  })
  return refined('insertSchema', schema, refine) as never
}

/**
 * The zod schema of the new values that an update gives a row of a table: of the type `UpdateOf`, so that any column may be
 * left out.
 * @example
 * ```ts
 * const change = updateSchema(users).omit({ id: true }).parse({ id: 7n, fullName: 'Ann' }) // { fullName: 'Ann' }
 * await db.run(update(users).set(change).where(users.id.eq(1n)))
 * ```
 */
export function updateSchema<T extends AnyTable>(table: T): z.ZodObject<UpdateShape<ColumnsOf<T>>>
export function updateSchema<
  T extends AnyTable,
  R extends Refinements<z.ZodObject<UpdateShape<ColumnsOf<T>>>>,
>(
  table: T,
  refine: R & KnownKeys<R, z.ZodObject<UpdateShape<ColumnsOf<T>>>>,
): Refined<z.ZodObject<UpdateShape<ColumnsOf<T>>>, R>
export function updateSchema(table: unknown, refine?: object): never {
  return refined(
    'updateSchema',
    givenSchema('updateSchema', table, () => true),
    refine,
  ) as never
}

/** The schema of an object, each of whose properties is made of a column. */
function columnShape(columns: ColumnTree): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(columns).map(([key, column]) => [
      key,
      isExpression(column)
        ? orNull(valueSchema(column.type), !isColumnNeverNull(column as ColumnNode))
        : z.object(columnShape(column as ColumnTree)),
    ]),
  )
}

function givenSchema(
  place: string,
  table: unknown,
  isOptional: (column: ColumnOptions) => boolean,
): z.ZodObject {
  const { columns } = requireTable(place, table)
  const { options } = declarationOf(table) as { readonly options: Readonly<Record<string, ColumnOptions>> }
  const shape = Object.entries(columnShape(columns)).map(([key, schema]) => {
    const column = options[key] as ColumnOptions
    if (column.isGenerated || column.identity?.generated === 'always')
      return [key, z.exactOptional(leftToTheDatabase(key, column.isGenerated ? 'computes' : 'numbers'))]
    return [key, isOptional(column) ? z.exactOptional(schema) : schema]
  })
  return z.object(Object.fromEntries(shape))
}

function leftToTheDatabase(key: string, does: string): z.ZodType {
  return z.never({ error: `The database ${does} '${key}' always; leave it out.` })
}

function orNull(schema: z.ZodType, isNullable: boolean): z.ZodType {
  return isNullable ? z.nullable(schema) : schema
}

function rowSchema(statement: unknown): z.ZodType {
  const rows = Object(statement) as Partial<Rows> as Rows
  if (rows.selection === undefined) {
    throw new BuildError(
      'invalid_source',
      `selectSchema takes a table, another source, or a statement that returns rows, not ${
        rows.kind === undefined ? excerpt(statement) : `this ${rows.kind}`
      }.`,
    )
  }
  const { outputs, labels, shape } = rows.selection
  const absent = absentNames(rows)
  const leaf = (at: number, ofSource: boolean): z.ZodType => {
    const { type } = outputs[at] as ExpressionNode
    return orNull(valueSchema(type), !isOutputNeverNull(rows, at, ofSource))
  }
  const part = (shape: Shape, ofSource: boolean): z.ZodType => {
    if (typeof shape === 'number') return leaf(shape, ofSource)
    const { keys, fields, presence } = shape
    const within = ofSource || presence !== undefined
    const parts = keys.map((key, i) => [key, part(fields[i] as Shape, within)])
    return orNull(z.object(Object.fromEntries(parts)), absent.has(presence?.source ?? ''))
  }
  if (shape !== undefined) return part(shape, false)
  return z.object(Object.fromEntries(labels.map((label, i) => [label, leaf(i, false)])))
}

type Refine = (schema: z.ZodType) => z.ZodType

function refined(place: string, schema: z.ZodType, refine: object | undefined): z.ZodType {
  if (refine === undefined) return schema
  const shape = schema instanceof z.ZodObject ? schema.shape : {}
  const changed = Object.entries(refine).map(([key, change]) => {
    const known = Object.hasOwn(shape, key) ? (shape[key] as z.ZodType) : undefined
    if (known === undefined || typeof change !== 'function') {
      throw new BuildError(
        known === undefined ? 'unknown_column' : 'invalid_refinement',
        known === undefined
          ? `${place}: there is no column ${excerpt(key)} to refine. There are: ${Object.keys(shape).join(', ')}.`
          : `${place}: '${key}' is refined by a function, (schema) => schema.min(1) or () => another, not by ${excerpt(change)}.`,
      )
    }
    return [key, wrapped(known, change as Refine)]
  })
  return z.object({ ...shape, ...Object.fromEntries(changed) })
}

/** A schema with another in the place of what lets its value be null or be left out. */
function wrapped(schema: z.ZodType, change: Refine): z.ZodType {
  if (schema instanceof z.ZodExactOptional)
    return z.exactOptional(wrapped(schema.unwrap() as z.ZodType, change))
  if (schema instanceof z.ZodNullable) return z.nullable(change(schema.unwrap() as z.ZodType))
  return change(schema)
}
