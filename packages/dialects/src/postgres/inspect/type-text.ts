import { type CatalogType, type Fragment, quoteIdentifier, sql } from '@espalier/core'
import { stated } from './values.js'

/** The columns by which {@link catalogType} is made, of a type by its number and modifier. */
export interface TypeRow {
  /** The type as `format_type` says it. */
  readonly typeText: string
  /** Of the elements, for an array. */
  readonly typeName: string
  readonly typeSchema: string
  readonly isArray: boolean
  readonly dimensions: number
}

/** `typeText`, `typeName`, `typeSchema`, `isArray`, for a type that {@link typeJoins} has joined. */
export function typeColumns(id: Fragment<never, never>, modifier: Fragment<never, never>) {
  return sql.fragment`format_type(${id}, ${modifier}), coalesce(element.typname, type.typname),
    coalesce(element_schema.nspname, type_schema.nspname), element.oid is not null`
}

/** Joins the type of a number, and that of its elements. */
export function typeJoins(id: Fragment<never, never>) {
  return sql.fragment`join pg_type as type on type.oid = ${id}
    join pg_namespace as type_schema on type_schema.oid = type.typnamespace
    left join pg_type as element on element.oid = type.typelem and element.typarray = type.oid
    left join pg_namespace as element_schema on element_schema.oid = element.typnamespace`
}

/**
 * A type in its parts. What `format_type` writes is a name, the modifiers that the type's own function writes, and `[]`; of
 * a built-in type the name is what SQL calls it, as `timestamp with time zone`, and has the modifiers in its middle.
 */
export function catalogType({ typeText, typeName, typeSchema, isArray, dimensions }: TypeRow): CatalogType {
  const text = isArray ? typeText.slice(0, -2) : typeText
  const isBuiltIn = typeSchema === 'pg_catalog'
  const brackets = isArray ? '[]'.repeat(Math.max(dimensions, 1)) : ''
  const open = isBuiltIn ? text.indexOf('(') : text.lastIndexOf('(')
  const close = text.indexOf(')', open)
  // In a quoted name a parenthesis is no modifier.
  const hasArguments = open > 0 && (isBuiltIn || !quoteIdentifier(typeName).includes(text.slice(open)))
  const args = hasArguments ? text.slice(open + 1, close).split(',') : []
  const name = isBuiltIn
    ? (hasArguments ? text.slice(0, open) + text.slice(close + 1) : text).replace('"bit"', 'bit')
    : typeName
  return stated({
    text: text + brackets,
    name,
    schema: isBuiltIn ? undefined : typeSchema,
    arguments: args.map((argument) => argument.trim()),
    dimensions: isArray ? Math.max(dimensions, 1) : undefined,
  })
}
