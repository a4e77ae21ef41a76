import {
  array,
  type CatalogFilter,
  type CatalogKind,
  type Fragment,
  type InspectOptions,
  literal,
  sql,
  text,
} from '@espalier/core'

/** A piece of SQL that reads no source of the builder. */
export type Sql = Fragment<never, never>

/** The comments on objects of a table of the catalog, of which `own` is one. */
export function comments(catalog: string): Sql {
  return sql.fragment`left join pg_description as comment on comment.objoid = own.oid
    and comment.classoid = ${sql.unsafe(`'${catalog}'`)}::regclass and comment.objsubid = 0`
}

/** Whether an object was not made with the cluster, of which the numbers are lower. */
export function isOwn(id: Sql): Sql {
  return sql.fragment`${id} >= 16384`
}

const TRUE = /* @__PURE__ */ sql.fragment`true`
const FALSE = /* @__PURE__ */ sql.fragment`false`

/** Which objects are meant, as predicates, so that no others are read. */
export class ObjectFilter {
  private readonly include: CatalogFilter
  private readonly exclude: CatalogFilter | undefined
  constructor(options: InspectOptions) {
    const { include = {}, exclude } = options
    this.include = include
    // A filter of no lists would mean everything.
    this.exclude = isEmpty(exclude) ? undefined : exclude
  }

  /** Whether there can be objects of a kind among those that are meant. */
  has(kind: CatalogKind): boolean {
    const { include, exclude } = this
    if (include.kinds !== undefined && !include.kinds.includes(kind)) return false
    if (exclude?.kinds === undefined || exclude.schemas !== undefined || exclude.names !== undefined)
      return true
    return !exclude.kinds.includes(kind)
  }

  /** Whether an object of a kind is meant, by the names of its schema and of itself, or of the table that it belongs to. */
  matches(kind: CatalogKind, schema: Sql | undefined, name: Sql | undefined): Sql {
    if (!this.has(kind)) return FALSE
    const { include, exclude } = this
    const conditions: Sql[] = []
    if (include.schemas !== undefined)
      conditions.push(schema === undefined ? FALSE : among(schema, include.schemas))
    else if (schema !== undefined) conditions.push(isOwnSchema(schema))
    if (include.names !== undefined && name !== undefined) conditions.push(like(name, include.names))
    if (exclude !== undefined && (exclude.kinds?.includes(kind) ?? true)) {
      const lists: Sql[] = []
      if (exclude.schemas !== undefined)
        lists.push(schema === undefined ? FALSE : among(schema, exclude.schemas))
      if (exclude.names !== undefined) lists.push(name === undefined ? FALSE : like(name, exclude.names))
      conditions.push(sql.fragment`not (${conjunction(lists)})`)
    }
    return conjunction(conditions)
  }
}

function isEmpty(filter: CatalogFilter | undefined): boolean {
  return filter?.schemas === undefined && filter?.names === undefined && filter?.kinds === undefined
}

function conjunction(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? TRUE : sql.join(conditions, sql.fragment` and `)
}

/** A list of texts as one parameter. */
function list(values: readonly string[]) {
  return literal([...values], array(text().notNull()))
}

function among(name: Sql, names: readonly string[]): Sql {
  return sql.fragment`${name} = any (${list(names)})`
}

/** Whether a name is one of those in which `*` stands for anything. */
function like(name: Sql, patterns: readonly string[]): Sql {
  const escaped = patterns.map((pattern) => pattern.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%'))
  return sql.fragment`${name} like any (${list(escaped)})`
}

/** Names that begin with `pg_` are PostgreSQL's: https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-CATALOG */
function isOwnSchema(schema: Sql): Sql {
  return sql.fragment`(${schema} not like 'pg\\_%' and ${schema} <> 'information_schema')`
}

/** Whether an object is none of those that an extension brought. */
export function isOfNoExtension(catalog: string, id: Sql): Sql {
  return sql.fragment`not exists (select from pg_depend as member where member.classid = ${sql.unsafe(`'${catalog}'`)}::regclass
    and member.objid = ${id} and member.deptype = 'e')`
}
