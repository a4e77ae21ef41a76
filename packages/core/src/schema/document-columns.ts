import { HSTORE } from '../types/hstore.js'
import { XML } from '../types/text-types.js'
import { type ColumnBuilder, column } from './column.js'

/**
 * A document or a fragment of XML: `string`, without the declaration `<?xml …?>`. PostgreSQL refuses what is not well-formed;
 * SQLite does not look. As rows are, it is compared with nothing, since PostgreSQL has no operator for that; cast it to text.
 *
 * PostgreSQL: `xml` · SQLite: `text`
 *
 * Throws a `ValueError` that names the column for a text with a declaration, of which PostgreSQL would keep a part only.
 */
export function xml(name?: string): ColumnBuilder<string | null, 'rows'> {
  return column(XML, name)
}

/**
 * Keys with texts, each a text or null: a plain object. PostgreSQL has the type in its extension `hstore`, which a database is
 * given by `create extension hstore`. What is not only of texts belongs in {@link jsonb}. Its order means nothing.
 *
 * PostgreSQL: `hstore` · SQLite: `text`, JSON with its keys in order, so that equal values are equal
 *
 * Throws a `ValueError` that names the column for anything but an object of texts and nulls.
 * @example
 * ```ts
 * const parts = table('parts', { id: integer().primaryKey(), labels: hstore().notNull() })
 * const row = insert(parts).values({ id: 1, labels: { size: 'M', colour: null } })
 * row.toSQL(postgresDialect).params // [1, '"colour"=>NULL, "size"=>"M"']
 * row.toSQL(sqliteDialect).params // [1, '{"colour":null,"size":"M"}']
 * ```
 */
export function hstore(
  name?: string,
): ColumnBuilder<Readonly<Record<string, string | null>> | null, 'named'> {
  return column(HSTORE, name)
}
