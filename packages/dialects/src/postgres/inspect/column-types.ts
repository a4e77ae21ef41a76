import {
  array,
  bigint,
  bit,
  boolean,
  bytes,
  type Catalog,
  type CatalogType,
  char,
  cidr,
  citext,
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

/** Any type. */
type Definition = TypeDefinition<unknown, Family>

/** The types without arguments, by the names that PostgreSQL has for them. */
const PLAIN: Readonly<Record<string, () => Definition>> = {
  bigint,
  'bit varying': varbit,
  boolean,
  bytea: bytes,
  'character varying': () => ({ sqlType: { name: 'varchar', family: 'text' } }) as Definition,
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

/** The types of the columns of a catalog as Espalier's own, each made once. */
export class ColumnTypes {
  private readonly made = new Map<string, Definition>()
  constructor(private readonly catalog: Catalog) {}

  /** The type; one that Espalier does not have is kept by its name, with values that are texts. */
  of(type: CatalogType): Definition {
    const { name, schema, dimensions = 0 } = type
    const element = this.named(schema, name) ?? builtIn(type) ?? keptByName(type)
    let found = element
    for (let i = 0; i < dimensions; i++) found = array(found)
    return found
  }

  private named(schema: string | undefined, name: string): Definition | undefined {
    // Enums and domains are declared by their names alone.
    if (schema !== 'public') return undefined
    const known = this.made.get(name)
    if (known !== undefined) return known
    const isIt = (one: { readonly schema: string; readonly name: string }) =>
      one.schema === schema && one.name === name
    const list = this.catalog.enums.find(isIt)
    const made =
      list === undefined ? this.domain(this.catalog.domains.find(isIt)) : enumType(name, list.values)
    if (made !== undefined) this.made.set(name, made)
    return made
  }

  private domain(found: Catalog['domains'][number] | undefined): Definition | undefined {
    if (found === undefined) return undefined
    const predicates = found.checks.map(({ expression }) => `(${expression})`).join(' and ')
    const check = () => sql(boolean().notNull())`${sql.unsafe(withoutOuter(predicates, found.checks.length))}`
    return domain(found.name, this.of(found.type), predicates === '' ? {} : { check })
  }
}

/** One predicate needs no parentheses. */
const withoutOuter = (predicates: string, count: number) =>
  count === 1 ? predicates.slice(1, -1) : predicates

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
