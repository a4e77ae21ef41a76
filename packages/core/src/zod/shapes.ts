import type {
  ZodArray,
  ZodBigInt,
  ZodBoolean,
  ZodDate,
  ZodExactOptional,
  ZodNullable,
  ZodNumber,
  ZodObject,
  ZodString,
  ZodType,
} from 'zod'
import type { NulledValue } from '../expression/expression.js'
import type { Column, Source } from '../expression/source.js'
import type { ColumnBuilder, HasDefault } from '../schema/column.js'
import type { LeftToTheDatabase, NoSuchColumn, RequiredKeys } from '../statement/writes.js'
import type { Family, FamilyValues } from '../types/sql-type.js'

/** The schemas of the families whose values zod has schemas of its own for. */
interface FamilySchemas {
  integer: ZodNumber
  bigint: ZodBigInt
  numeric: ZodString
  real: ZodNumber
  text: ZodString
  boolean: ZodBoolean
  date: ZodString
  timestamp: ZodDate
  timestamptz: ZodDate
  uuid: ZodString
}

/** The schema of values that are not null, of a family. */
export type PlainSchema<V, F extends Family> = F extends keyof FamilySchemas
  ? FamilyValues[F] extends V
    ? FamilySchemas[F]
    : ZodType<V, V>
  : F extends 'array'
    ? V extends readonly (infer E)[]
      ? ZodArray<ZodType<E, E>>
      : ZodType<V, V>
    : ZodType<V, V>

/** The schema of the values of an expression or a column. */
export type ValueSchema<V, F extends Family> = unknown extends V
  ? ZodNullable<ZodType<V, V>>
  : null extends V
    ? ZodNullable<PlainSchema<NonNullable<V>, F>>
    : PlainSchema<V, F>

/** The schemas of the columns of a source, by key. */
export type SourceShape<C> = {
  -readonly [K in keyof C]: C[K] extends Column<infer V, infer F>
    ? ValueSchema<V, F>
    : ZodObject<SourceShape<C[K]>>
}

/** The schemas of the columns that an insert may be given, by key. */
export type InsertShape<C> = {
  -readonly [K in keyof C]: C[K] extends ColumnBuilder<unknown, Family, false>
    ? K extends RequiredKeys<C>
      ? GivenSchema<C[K]>
      : ZodExactOptional<GivenSchema<C[K]>>
    : ZodExactOptional<GivenSchema<C[K]>>
}

/** The schemas of the columns that an update may be given, by key. */
export type UpdateShape<C> = { -readonly [K in keyof C]: ZodExactOptional<GivenSchema<C[K]>> }

type GivenSchema<B> =
  B extends ColumnBuilder<infer V, infer F, infer D extends HasDefault>
    ? D extends 'always'
      ? ZodType<LeftToTheDatabase, LeftToTheDatabase>
      : ValueSchema<V, F>
    : never

/** The schema of the rows of a selection, where the sources in `Nulled` may be missing. */
export type SelectionSchema<P, Nulled extends string> = P extends {
  readonly '~value': unknown
  readonly '~nulledBy': string
  readonly '~family': Family
}
  ? ValueSchema<[P['~nulledBy'] & Nulled] extends [never] ? P['~value'] : NulledValue<P>, P['~family']>
  : P extends Source<infer Name, infer C>
    ? [Name & Nulled] extends [never]
      ? ZodObject<SourceShape<C>>
      : ZodNullable<ZodObject<SourceShape<C>>>
    : ZodObject<{ -readonly [K in keyof P]: SelectionSchema<P[K], Nulled> }>

/** The schema of the rows of a statement, or of a table or another source. */
export type RowSchema<T> = T extends {
  readonly '~selection': infer P
  readonly '~nulled': infer Nulled extends string
}
  ? SelectionSchema<P, Nulled>
  : T extends { readonly '~row': infer R }
    ? ZodType<R, R>
    : T extends { readonly '~columns': infer C }
      ? ZodObject<SourceShape<C>>
      : never

/** A schema without what lets its value be null or be left out. */
export type BareSchema<S> =
  S extends ZodExactOptional<infer I> ? BareSchema<I> : S extends ZodNullable<infer I> ? I : S

/**
 * Functions that make other schemas of some of those of an object: each is given the schema of the value, and what lets it
 * be null or be left out is put around what it returns.
 */
export type Refinements<S> =
  S extends ZodObject<infer Shape>
    ? { readonly [K in keyof Shape]?: (schema: BareSchema<Shape[K]>) => ZodType }
    : Readonly<Record<string, never>>

/** Makes a key of the refinements that the object does not have an error at that key. */
export type KnownKeys<R, S> =
  S extends ZodObject<infer Shape> ? { readonly [K in Exclude<keyof R, keyof Shape>]: NoSuchColumn } : unknown

/** A schema of objects with its refinements. */
export type Refined<S, R> =
  S extends ZodObject<infer Shape>
    ? ZodObject<{ [K in keyof Shape]: K extends keyof R ? Wrapped<Shape[K], R[K]> : Shape[K] }>
    : S

type Wrapped<S, Refine> = Refine extends (schema: never) => ZodType
  ? S extends ZodExactOptional<infer I>
    ? ZodExactOptional<WrappedNull<I, ReturnType<Refine>>>
    : WrappedNull<S, ReturnType<Refine>>
  : S
type WrappedNull<S, New extends ZodType> = S extends ZodNullable ? ZodNullable<New> : New
