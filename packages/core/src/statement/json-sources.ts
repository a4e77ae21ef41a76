import { BuildError } from '../errors.js'
import type { Expression, Reads } from '../expression/expression.js'
import { quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode } from '../expression/node.js'
import { type Column, ColumnNode, createSource, type SourceOf } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import { INTEGER, JSONB, type SqlType, TEXT } from '../types/sql-type.js'
import { FunctionSourceNode, requireArgument } from './table-function.js'
import { type ColumnTypes, columnsOfTypes, type TypedColumns } from './values-source.js'

/** The member of a `json_each` as JSON; the text of an array or object is JSON already. */
const MEMBER =
  `case "type" when 'true' then 'true' when 'false' then 'false' when 'array' then "value" || '' ` +
  `when 'object' then "value" || '' else json_quote("value") || '' end`

/** The members of a JSON object, or the elements of a JSON array. */
export class JsonEachNode extends FunctionSourceNode {
  static readonly fields: Fields<JsonEachNode> = { name: 'data', document: 'child', of: 'data' }
  constructor(
    name: string,
    readonly document: ExpressionNode,
    readonly of: 'object' | 'array',
  ) {
    super('jsonEach', name)
  }
  protected call(to: Writer, quotedName: string): void {
    const { document, of } = this
    const isArray = of === 'array'
    if (!to.dialect.lacks.lateral) {
      to.text(
        isArray
          ? 'lateral (select cast("n" - 1 as integer) as "key", "value" from jsonb_array_elements(cast('
          : 'jsonb_each(cast(',
      )
      to.visit(document)
      to.text(' as jsonb))')
      to.text(
        isArray
          ? ` with ordinality as "e" ("value", "n")) as ${quotedName}`
          : ` as ${quotedName} ("key", "value")`,
      )
      return
    }
    // Members come as SQL values, which do not tell true from 1; so they are made texts of JSON first.
    const build = isArray ? `json_group_array(${MEMBER})` : `json_group_object("key", ${MEMBER})`
    to.text(`json_each((select ${build} from json_each(`)
    to.visit(document)
    to.text(`))) as ${quotedName}`)
  }
}

/** Objects of a JSON array as rows with typed columns. */
export class JsonRecordsetNode extends FunctionSourceNode {
  static readonly fields: Fields<JsonRecordsetNode> = {
    name: 'data',
    document: 'child',
    names: 'data',
    types: 'data',
  }
  constructor(
    name: string,
    readonly document: ExpressionNode,
    readonly names: readonly string[],
    readonly types: readonly SqlType[],
  ) {
    super('jsonRecordset', name)
  }
  protected call(to: Writer, quotedName: string): void {
    const { document, names, types } = this
    const ddl = (i: number) => to.codec(types[i] as SqlType).ddl(types[i] as SqlType)
    if (!to.dialect.lacks.lateral) {
      to.text('jsonb_to_recordset(cast(')
      to.visit(document)
      const columns = names.map((name, i) => `${quoteIdentifier(name)} ${ddl(i)}`)
      to.text(` as jsonb)) as ${quotedName} (${columns.join(', ')})`)
      return
    }
    // A query in FROM sees nothing beside it.
    to.scope = to.scope?.outer
    to.text('(select ')
    for (let i = 0; i < names.length; i++) {
      const { family, name } = types[i] as SqlType
      if (family === 'bytes' || family === 'timestamp' || family === 'timestamptz') {
        throw to.unsupported(
          `jsonToRecordset with a column of type ${name}`,
          'Take it as text(), and convert it in JavaScript.',
        )
      }
      const path = `'$.${JSON.stringify(names[i]).replaceAll("'", "''")}'`
      const isJson = family === 'json'
      to.text(i === 0 ? '' : ', ')
      to.text(isJson ? `"value" -> ${path}` : `cast("value" ->> ${path} as ${ddl(i)})`)
      to.text(` as ${quoteIdentifier(names[i] as string)}`)
    }
    to.text(' from json_each(')
    to.visit(document)
    to.text(`)) as ${quotedName}`)
  }
}

type Document<S extends Reads> = Expression<unknown, S, string, 'json'>

function requireDocument(place: string, document: unknown): ExpressionNode {
  const node = requireArgument(place, document)
  if (node.type.family === 'json') return node
  throw new BuildError(
    'invalid_argument',
    `${place}(…) takes a json expression, not one of type ${node.type.name}; cast it to jsonb().`,
  )
}

/**
 * The members of a JSON object as a source: a row with `key` and `value` for each. The document may be a column of a
 * source before it; a join with it then needs no condition. NULL has no members.
 *
 * PostgreSQL: `jsonb_each(cast("users"."settings" as jsonb)) as "s" ("key", "value")` · SQLite: `json_each(…) as "s"`
 * @example
 * ```ts
 * const s = jsonEach('s', users.settings)
 * await db.all(select({ key: s.key, value: s.value }).from(users).join(s)) // [{ key: 'theme', value: 'dark' }]
 * ```
 */
export function jsonEach<const Name extends string, S extends Reads>(
  name: Name,
  document: Document<S>,
): SourceOf<Name, { readonly key: Column<string, 'text'>; readonly value: Column<unknown, 'json'> }, S> {
  return jsonMembers(name, requireDocument('jsonEach', document), 'object') as never
}

/**
 * The elements of a JSON array as a source: a row with `key`, counted from 0, and `value` for each; see {@link jsonEach}.
 *
 * PostgreSQL: `jsonb_array_elements(…) with ordinality` · SQLite: `json_each(…)`
 * @example
 * ```ts
 * const tag = jsonElements('tag', literal(['a', 'b'], jsonb()))
 * await db.all(select(tag).from(tag).orderBy(tag.key)) // [{ key: 0, value: 'a' }, { key: 1, value: 'b' }]
 * ```
 */
export function jsonElements<const Name extends string, S extends Reads>(
  name: Name,
  document: Document<S>,
): SourceOf<Name, { readonly key: Column<number, 'integer'>; readonly value: Column<unknown, 'json'> }, S> {
  return jsonMembers(name, requireDocument('jsonElements', document), 'array') as never
}

function jsonMembers(name: string, document: ExpressionNode, of: 'object' | 'array'): object {
  const node = new JsonEachNode(name, document, of)
  const key = new ColumnNode(node, 'key', of === 'array' ? INTEGER : TEXT, true)
  return createSource({ node, columns: { key, value: new ColumnNode(node, 'value', JSONB, true) } })
}

/**
 * The objects of a JSON array as rows with typed columns, each under its name in the objects: many rows in one
 * parameter.
 *
 * PostgreSQL: `jsonb_to_recordset(…) as "r" ("id" integer)` · SQLite: `(select cast("value" ->> '$."id"' as integer) as "id" from json_each(…)) as "r"`,
 * which does not see the sources beside it, and has no columns of bytes and times
 * @example
 * ```ts
 * const r = jsonToRecordset('r', literal([{ id: 1, name: 'Ann' }, { id: 2 }], jsonb()), { id: integer(), name: text() })
 * await db.all(select(r).from(r).orderBy(r.id)) // [{ id: 1, name: 'Ann' }, { id: 2, name: null }]
 * ```
 */
export function jsonToRecordset<const Name extends string, S extends Reads, const C extends ColumnTypes>(
  name: Name,
  document: Document<S>,
  columns: C,
): SourceOf<Name, TypedColumns<C>, S> {
  const from = requireDocument('jsonToRecordset', document)
  const declared = Object.values(columnsOfTypes(new JsonRecordsetNode(name, from, [], []), columns))
  const node = new JsonRecordsetNode(
    name,
    from,
    declared.map((column) => column.name),
    declared.map((column) => column.type),
  )
  return createSource({ node, columns: columnsOfTypes(node, columns) }) as SourceOf<Name, TypedColumns<C>, S>
}
