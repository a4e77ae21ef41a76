import { TSQUERY, TSVECTOR } from '../types/search-types.js'
import { type ColumnBuilder, column } from './column.js'

/**
 * The words of a text, in the form in which they are searched: `string` in PostgreSQL's form, `'cat':1 'dog':3`. It is
 * mostly written by {@link toTextVector}, and searched by {@link textMatches}.
 *
 * PostgreSQL: `tsvector` · SQLite: refused; keep the text, and search it in a virtual table of FTS5
 * @example
 * ```ts
 * const pages = table('pages', { id: integer().primaryKey(), title: text().notNull(), words: tsvector() })
 * const index = update(pages).set({ words: toTextVector(pages.title) }).everyRow()
 * const found = select(pages.id).from(pages).where(textMatches(pages.words, webSearch('cat')))
 * found.toSQL(postgresDialect).sql
 * // `select "pages"."id" as "value" from "pages" where "pages"."words" @@ websearch_to_tsquery('english', $1::text)`
 * ```
 */
export function tsvector(name?: string): ColumnBuilder<string | null, 'named'> {
  return column(TSVECTOR, name)
}

/**
 * What is searched for: `string` in PostgreSQL's form, `'cat' & !'dog'`; otherwise as {@link tsvector}.
 *
 * PostgreSQL: `tsquery` · SQLite: refused, as {@link tsvector}
 */
export function tsquery(name?: string): ColumnBuilder<string | null, 'named'> {
  return column(TSQUERY, name)
}
