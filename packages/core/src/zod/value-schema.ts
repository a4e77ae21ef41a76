import * as z from 'zod'
import { isEspalierError } from '../errors.js'
import type { DatabaseTypeCodec } from '../schema/database-type.js'
import {
  checkBytes,
  checkDate,
  checkDateTime,
  checkJson,
  checkNumeric,
  checkReal,
  checkText,
  checkUuid,
} from '../types/check.js'
import { misfit } from '../types/codec.js'
import type { DomainCodec } from '../types/domain.js'
import type { MappedCodec } from '../types/mapped.js'
import { canonicalTime } from '../types/modes.js'
import type { Shape } from '../types/shape.js'
import { type CompositeField, type NestedRows, OWN, type SqlType } from '../types/sql-type.js'
import { type CheckedCodec, checkedBy, pathOf } from '../types/standard-schema.js'
import { checkTextType } from '../types/text-types.js'

/** The schema of the values of a type, none of which is null. */
export function valueSchema(type: SqlType): z.ZodType {
  const { base } = type
  if (base !== undefined && (type[OWN] as Partial<DomainCodec>).domain !== undefined) return valueSchema(base)
  if (base !== undefined) return z.unknown().check(fits(mappedCheck(valueSchema(base)), type))
  if (type.name.startsWith('type ')) return databaseSchema(type)
  switch (type.family) {
    case 'integer':
      if (type.name === 'smallint') return z.int().min(-32768).max(32767)
      return type.name === 'integer' ? z.int32() : z.int()
    case 'bigint':
      return z.int64()
    case 'numeric':
      return z.string().check(fits(checkNumeric, type))
    case 'real':
      return z.number().check(fits(checkReal, type))
    case 'text':
      if (type.length === undefined) return z.string()
      if (type.name === 'char') return z.string().check(fits(checkTextType, type))
      return z.string().check(fits(checkText, type, { maximum: type.length }))
    case 'boolean':
      return z.boolean()
    case 'date':
      return z.string().check(fits(checkDate, type, { format: 'date' }))
    case 'timestamp':
    case 'timestamptz':
      return z.date().check(fits(checkDateTime, type))
    case 'uuid':
      return z.string().check(fits(checkUuid, type, { format: 'uuid' }))
    case 'bytes':
      return z.unknown().check(fits(checkBytes, type))
    case 'json':
      return documentSchema(type)
    case 'named':
      if (type.fields !== undefined) return compositeSchema(type.fields)
      if (type.name === 'oid') return z.int().min(0).max(4294967295)
      if (type.name === 'hstore') return z.record(z.string(), z.nullable(z.string()))
      if (type.name.startsWith('ts')) return z.string().check(fits(checkWithoutNul, type))
      return z.string().check(fits(checkTextType, type))
    case 'array':
      // Whether its elements may be null, a type does not say.
      return z.array(z.nullable(valueSchema(type.element as SqlType)))
    case 'rows':
      return nestedSchema(type.rows as NestedRows)
    case 'range':
      return rangeSchema(type)
    case 'multirange':
      return z.array(rangeSchema(type))
    case 'unknown':
      return z.unknown()
  }
}

/** The schema of the values of a type by what the database calls it. */
function databaseSchema(type: SqlType): z.ZodType {
  const { values } = type[OWN] as DatabaseTypeCodec
  return values === undefined ? z.string() : valueSchema(values)
}

/** A text of PostgreSQL alone, which has no NUL. */
function checkWithoutNul(value: unknown, type: SqlType): string {
  const text = checkText(value, type)
  if (!text.includes('\0')) return text
  throw misfit(value, type, 'a text without NUL (\\u0000)')
}

/** A check of values in another form: that of what is stored for them. */
function mappedCheck(below: z.ZodType): (value: unknown, type: SqlType) => void {
  return (value, type) => {
    const codec = type[OWN] as MappedCodec | undefined
    // Not by its class, which may be that of another copy.
    if (codec === undefined || !('stored' in codec)) {
      canonicalTime(value, type)
      return
    }
    const { error } = below.safeParse(codec.stored(value, type))
    if (error !== undefined) throw misfit(value, type, error.issues.map(({ message }) => message).join(', '))
  }
}

/** A check by which the values of statements are checked, with its message; `bag` is what JSON Schema says of it. */
function fits<T>(
  check: (value: unknown, type: SqlType) => unknown,
  type: SqlType,
  bag: Readonly<Record<string, unknown>> = {},
): z.core.$ZodCheck<T> {
  const made = z.check<T>(({ value, issues }) => {
    try {
      check(value, type)
    } catch (error) {
      if (!isEspalierError(error)) throw error
      issues.push({ code: 'custom', message: error.message, input: value })
    }
  })
  made._zod.onattach.push((schema) => {
    Object.assign(schema._zod.bag, bag)
  })
  return made
}

/** The schema of documents: that of the column, if it has one. */
function documentSchema(type: SqlType): z.ZodType {
  const { schema } = (type[OWN] ?? {}) as Partial<CheckedCodec>
  if (schema === undefined) return z.unknown().check(fits(checkJson, type))
  if ('_zod' in schema) return schema as unknown as z.ZodType
  return z.unknown().check((payload) => {
    const result = checkedBy(schema, payload.value, type)
    if (result.issues === undefined) payload.value = result.value
    else {
      for (const issue of result.issues) {
        const { message } = issue
        payload.issues.push({ code: 'custom', message, path: pathOf(issue), input: payload.value })
      }
    }
  })
}

/** Rows have all fields, in which they differ from the objects of tables. */
function compositeSchema(fields: readonly CompositeField[]): z.ZodType {
  const entries = fields.map(({ key, type, notNull }) => {
    const value = valueSchema(type)
    return [key, notNull ? value : z.nullable(value)]
  })
  return z.object(Object.fromEntries(entries))
}

function rangeSchema(type: SqlType): z.ZodType {
  const bound = z.nullable(valueSchema(type.element as SqlType))
  return z.object({ lower: bound, upper: bound, bounds: z.enum(['[)', '[]', '()', '(]', 'empty']) })
}

/** Nested rows, or the only one. Whether the values in them may be null, a type does not say. */
function nestedSchema({ types, labels, shape, absent, isOne }: NestedRows): z.ZodType {
  const leaf = (at: number) => z.nullable(valueSchema(types[at] as SqlType))
  const part = (shape: Shape): z.ZodType => {
    if (typeof shape === 'number') return leaf(shape)
    const { keys, fields, presence } = shape
    const whole = z.object(Object.fromEntries(keys.map((key, i) => [key, part(fields[i] as Shape)])))
    return presence !== undefined && absent.includes(presence.source) ? z.nullable(whole) : whole
  }
  const row =
    shape === undefined
      ? z.object(Object.fromEntries(labels.map((label, i) => [label, leaf(i)])))
      : part(shape)
  return isOne ? row : z.array(row)
}
