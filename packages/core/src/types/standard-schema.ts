import { type Codec, misfit, type OwnCodec } from './codec.js'
import { OWN, type SqlType } from './sql-type.js'

/**
 * A schema of any library that follows the Standard Schema: zod, Valibot, ArkType and others.
 *
 * See https://standardschema.dev
 */
export interface StandardSchema<out Input = unknown, out Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** What a {@link StandardSchema} says of a value: the value as it makes it, or what is wrong. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** What is wrong with a value, and where. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** The values that a schema gives. */
export type SchemaOutput<S extends StandardSchema> = NonNullable<S['~standard']['types']>['output']

/** Names what is wrong with a schema that does not take the values that it gives. */
export interface MustTakeWhatItGives {
  readonly 'the schema gives values that it does not take; leave out what transforms them': never
}

/** Refuses a schema whose values, read from the database, could not be written to it again. */
export type Stable<S extends StandardSchema> =
  SchemaOutput<S> extends NonNullable<S['~standard']['types']>['input'] ? unknown : MustTakeWhatItGives

/** How the values of a type are carried that a schema checks. */
export interface CheckedCodec extends OwnCodec {
  readonly schema: StandardSchema
}

/** A type whose values a schema checks when they are sent and, if `onRead`, when they are read. */
export function checkedType(type: SqlType, schema: StandardSchema, onRead: boolean): SqlType {
  const check = (value: unknown): unknown => {
    const result = checkedBy(schema, value, type)
    if (!result.issues) return result.value
    const issues = result.issues.map((issue) =>
      [pathOf(issue).join('.'), issue.message].filter(Boolean).join(': '),
    )
    throw misfit(value, type, `what its schema takes (${issues.join('; ')})`)
  }
  const checked: CheckedCodec = {
    schema,
    codec(_dialect, known) {
      const { ddl, encode, literal } = known as Codec
      return {
        ddl,
        encode: (value) => encode(check(value), type),
        literal: (value) => literal(check(value), type),
      }
    },
    // Within other JSON, documents come as they are.
    decode: (_decoders, known) =>
      onRead ? (value) => check(known === undefined ? value : known(value, type)) : known,
  }
  return { ...type, [OWN]: checked }
}

/** What a schema says of a value; an error if it does not say so at once. */
export function checkedBy(schema: StandardSchema, value: unknown, type: SqlType): SchemaResult<unknown> {
  const result = schema['~standard'].validate(value)
  if (!('then' in result)) return result
  result.then(undefined, () => {})
  throw misfit(value, type, 'a schema that answers at once, not by a promise; check such parts before')
}

/** The keys on the way to what is wrong. */
export function pathOf({ path = [] }: SchemaIssue): PropertyKey[] {
  return path.map((part) => (typeof part === 'object' ? part.key : part))
}
