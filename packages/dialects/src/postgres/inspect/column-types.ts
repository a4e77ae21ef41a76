import {
  array,
  bigint,
  bit,
  boolean,
  bytes,
  type Catalog,
  type CatalogCompositeType,
  type CatalogDomain,
  type CatalogEnum,
  type CatalogReference,
  type CatalogTable,
  type CatalogType,
  char,
  cidr,
  citext,
  column,
  compositeType,
  databaseType,
  date,
  datemultirange,
  daterange,
  domain,
  double,
  enumType,
  type Family,
  hstore,
  inet,
  int4multirange,
  int4range,
  int8multirange,
  int8range,
  integer,
  interval,
  json,
  jsonb,
  macaddr,
  macaddr8,
  numeric,
  nummultirange,
  numrange,
  oid,
  real,
  smallint,
  sql,
  type TypeDefinition,
  text,
  time,
  timestamp,
  timestamptz,
  timetz,
  tsmultirange,
  tsquery,
  tsrange,
  tstzmultirange,
  tstzrange,
  tsvector,
  uuid,
  varbit,
  varchar,
  xml,
} from '@espalier/core'
import { keyOf } from '../../catalog-metadata.js'

/** Any type. */
type Definition = TypeDefinition<unknown, Family>

/** The types without arguments, by the names that PostgreSQL has for them. */
const PLAIN: Readonly<Record<string, () => Definition>> = {
  bigint,
  'bit varying': varbit,
  boolean,
  bytea: bytes,
  'character varying': varchar,
  cidr,
  date,
  datemultirange,
  daterange,
  'double precision': double,
  inet,
  int4multirange,
  int4range,
  int8multirange,
  int8range,
  integer,
  interval,
  json,
  jsonb,
  macaddr,
  macaddr8,
  numeric,
  nummultirange,
  numrange,
  oid,
  real,
  smallint,
  text,
  'time with time zone': timetz,
  'time without time zone': time,
  'timestamp with time zone': timestamptz,
  'timestamp without time zone': timestamp,
  tsmultirange,
  tsquery,
  tsrange,
  tstzmultirange,
  tstzrange,
  tsvector,
  uuid,
  xml,
}

/** Those of extensions, where these are in the schema that is found without its name. */
const OF_EXTENSIONS: Readonly<Record<string, () => Definition>> = { citext, hstore }

/** Those with arguments; undefined where Espalier does not take these. */
const WITH_ARGUMENTS: Readonly<Record<string, (first: number, second: number) => Definition | undefined>> = {
  bit: (length) => bit(length),
  'bit varying': (length) => varbit(length),
  character: (length) => char(length),
  'character varying': (length) => varchar(length),
  numeric: (precision, scale) =>
    scale >= 0 && scale <= precision ? numeric({ precision, scale }) : undefined,
}

/**
 * The types of the columns of a catalog as Espalier's own, each made once. Of those with names, it declares the ones of
 * `public` that a column is of, where a declaration can say all of them; `createAll` makes these with the tables.
 */
export class ColumnTypes {
  private readonly made = new Map<string, Definition>()
  private readonly named: ReadonlyMap<string, Named>
  private readonly sayable = new Map<Named, boolean>()
  private readonly declared = new Set<string>()

  constructor(
    private readonly catalog: Catalog,
    tables: readonly CatalogTable[],
  ) {
    const named: Named[] = [
      ...catalog.enums.map((one) => ({ kind: 'enum' as const, one })),
      ...catalog.domains.map((one) => ({ kind: 'domain' as const, one })),
      ...catalog.compositeTypes.map((one) => ({ kind: 'composite type' as const, one })),
    ]
    // A declaration names no schema.
    this.named = new Map(
      named.flatMap((type) => (type.one.schema === 'public' ? [[type.one.name, type]] : [])),
    )
    for (const { columns } of tables) for (const { type } of columns) this.use(type)
  }

  /** Whether a type is one that columns declare. */
  isDeclared({ kind, schema, name }: CatalogReference): boolean {
    return schema === 'public' && this.declared.has(name) && this.named.get(name)?.kind === kind
  }

  /** The type; one that Espalier does not have is kept by its name, with values that are texts. */
  of(type: CatalogType): Definition {
    const { name, schema, dimensions = 0 } = type
    const element = this.namedType(schema, name) ?? builtIn(type) ?? keptByName(type)
    let found = element
    for (let i = 0; i < dimensions; i++) found = array(found)
    return found
  }

  private use({ schema, name }: CatalogType): void {
    const found = schema === 'public' ? this.named.get(name) : undefined
    if (found === undefined || this.declared.has(name) || !this.canSay(found)) return
    this.declared.add(name)
    for (const type of partsOf(found)) this.use(type)
  }

  private canSay(type: Named): boolean {
    const known = this.sayable.get(type)
    if (known !== undefined) return known
    // No type can be a part of itself but by a table.
    this.sayable.set(type, false)
    const can =
      isSayable(type) && this.needsTypesAlone(type) && partsOf(type).every((part) => this.canSayPart(part))
    this.sayable.set(type, can)
    return can
  }

  private canSayPart({ schema, name }: CatalogType): boolean {
    if (schema === undefined) return true
    const found = schema === 'public' ? this.named.get(name) : undefined
    return found === undefined ? schema === 'public' && name in OF_EXTENSIONS : this.canSay(found)
  }

  /** A function that its check calls would have to be there before all types. */
  private needsTypesAlone({ kind, one }: Named): boolean {
    return !this.catalog.dependencies.some(
      ({ object, needs }) =>
        object.kind === kind &&
        object.schema === one.schema &&
        object.name === one.name &&
        needs.kind === 'function',
    )
  }

  private namedType(schema: string | undefined, name: string): Definition | undefined {
    if (schema !== 'public' || !this.declared.has(name)) return undefined
    let made = this.made.get(name)
    if (made === undefined) {
      made = this.make(this.named.get(name) as Named)
      this.made.set(name, made)
    }
    return made
  }

  private make(type: Named): Definition {
    const { name } = type.one
    if (type.kind === 'enum') return enumType(name, type.one.values)
    if (type.kind === 'domain') {
      const [only] = type.one.checks
      const check = () => sql(boolean().notNull())`${sql.unsafe(only?.expression ?? '')}`
      return domain(name, this.of(type.one.type), only === undefined ? {} : { check })
    }
    const names = type.one.columns.map((field) => field.name)
    const fields = type.one.columns.map((field) => [
      keyOf(field.name, names),
      column(this.of(field.type).sqlType, field.name),
    ])
    return compositeType(name, Object.fromEntries(fields)) as unknown as Definition
  }
}

/** A type with a name, by what the catalog says of it. */
type Named =
  | { readonly kind: 'enum'; readonly one: CatalogEnum }
  | { readonly kind: 'domain'; readonly one: CatalogDomain }
  | { readonly kind: 'composite type'; readonly one: CatalogCompositeType }

/** What a type is made of. */
function partsOf(type: Named): readonly CatalogType[] {
  if (type.kind === 'enum') return []
  return type.kind === 'domain' ? [type.one.type] : type.one.columns.map((field) => field.type)
}

/** Whether a declaration says all that a catalog says of a type. */
function isSayable(type: Named): boolean {
  if (type.one.comment !== undefined) return false
  if (type.kind === 'enum') return type.one.values.length > 0
  if (type.kind === 'composite type') {
    const { columns } = type.one
    return (
      columns.length > 0 && columns.every((one) => one.collation === undefined && one.comment === undefined)
    )
  }
  const { name, nullable, collation, checks } = type.one
  const [only, second] = checks
  const isPlain =
    only === undefined ||
    (only.name === `${name}_check` && only.comment === undefined && only.postgres === undefined)
  return (
    nullable && collation === undefined && type.one.default === undefined && second === undefined && isPlain
  )
}

function builtIn({ name, schema, arguments: args }: CatalogType): Definition | undefined {
  if (schema === 'public' && args.length === 0) return OF_EXTENSIONS[name]?.()
  if (schema !== undefined) return undefined
  if (args.length === 0) return PLAIN[name]?.()
  const [first = 0, second = 0] = args.map(Number)
  return WITH_ARGUMENTS[name]?.(first, second)
}

/** A type by what the database calls it, whose values are texts as the database writes them. */
function keptByName({ text: whole, dimensions = 0 }: CatalogType): Definition {
  return databaseType(whole.slice(0, whole.length - 2 * dimensions)) as Definition
}
