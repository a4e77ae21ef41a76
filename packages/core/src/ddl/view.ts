import { BuildError, excerpt } from '../errors.js'
import { quoteIdentifier } from '../expression/identifier.js'
import { isQueryNode } from '../expression/node.js'
import type { Reads } from '../expression/reads.js'
import { createSource, type SourceOf, sourceInfo } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { DatabaseName } from '../schema/constraint.js'
import { type StorageParameters, storageText, TableNode } from '../schema/definition.js'
import { checkName } from '../schema/naming.js'
import { requireSchemaFeature } from '../schema/schema-features.js'
import { type ObjectDefinition, relationKey } from '../schema/schema-object.js'
import { derivedColumns, type QueryNode } from '../statement/compound.js'
import type { DerivedColumns } from '../statement/query.js'
import { keptQuery } from '../statement/read-query.js'
import { StatementNode } from '../statement/statement-node.js'
import type { Fields } from '../tree/node.js'
import { walk } from '../tree/walk.js'
import { type DdlStatement, ddl } from './statement.js'

/** What is said of a view beside its query. */
export interface ViewOptions {
  readonly schema?: string
  /** The database for which alone {@link createAll} makes it. */
  readonly onlyOn?: DatabaseName
  /** What PostgreSQL alone asks of a view; others refuse it, since it says who may see what. */
  readonly postgres?: PostgresViewOptions
}

/** What PostgreSQL alone asks of a view. */
export interface PostgresViewOptions {
  /** The tables are read with the rights of who reads the view. PostgreSQL 15. */
  readonly securityInvoker?: boolean
  /** No condition of who reads it sees rows that the view leaves out. */
  readonly securityBarrier?: boolean
  /** Rows that are written by the view must be in it: in this view, or also in those below. */
  readonly checkOption?: 'local' | 'cascaded'
}

/** What is said of a materialized view beside its query. */
export interface MaterializedViewOptions {
  readonly schema?: string
  readonly onlyOn?: DatabaseName
  /** Storage parameters, such as `{ fillfactor: 70 }`. */
  readonly with?: StorageParameters
  readonly tablespace?: string
  /** `false`: it is filled only when it is refreshed for the first time. */
  readonly withData?: boolean
}

/** Any view, for constraints in generics. */
export interface AnyView {
  readonly '~sources': string
  readonly '~columns': unknown
  readonly '~needs': Reads
}

interface ViewDefinition extends ObjectDefinition {
  readonly table: TableNode
  readonly query: QueryNode
  readonly materialized: MaterializedViewOptions | undefined
  readonly postgres: PostgresViewOptions | undefined
}

interface QueryOf<out P, out Nulled extends string> {
  readonly '~selection': P
  readonly '~nulled'?: Nulled
  readonly 'still needs': never
}

/**
 * A view: a query under a name in the database, and a source like a table, whose columns are those of the query. It is
 * made by {@link createView}, or by {@link createAll} once a metadata has it: `app.add(activeUsers)`.
 *
 * Throws a `BuildError` for anything but a query; a query that needs parameters by name or other sources is a type error.
 * @example
 * ```ts
 * const titles = view('titles', select({ author: users.email, title: posts.title }).from(posts).join(users))
 * await db.run(createView(titles))
 * select(titles.title).from(titles).where(titles.author.like('%@x.org'))
 * // PostgreSQL: select "titles"."title" as "value" from "titles" where "titles"."author" like $1
 * // SQLite: select "titles"."title" as "value" from "titles" where "titles"."author" glob ?
 * ```
 */
export function view<const Name extends string, P, Nulled extends string = never>(
  name: Name,
  query: QueryOf<P, Nulled>,
  options: ViewOptions = {},
): SourceOf<Name, DerivedColumns<P, Nulled>> {
  return viewSource(name, query, options, undefined, options.postgres) as never
}

/**
 * A view whose rows are kept, as they were when it was refreshed; otherwise as {@link view}. PostgreSQL alone.
 * @example
 * ```ts
 * const totals = materializedView('totals', select({ author: posts.authorId, n: count() }).from(posts).groupBy(posts.authorId))
 * createView(totals).toSQL(postgresDialect).sql
 * // 'create materialized view "totals" as select "posts"."author_id" as "author", count(*) as "n" from "posts" group by "posts"."author_id"'
 * ```
 */
export function materializedView<const Name extends string, P, Nulled extends string = never>(
  name: Name,
  query: QueryOf<P, Nulled>,
  options: MaterializedViewOptions = {},
): SourceOf<Name, DerivedColumns<P, Nulled>> {
  return viewSource(name, query, options, options, undefined) as never
}

function viewSource(
  name: string,
  given: unknown,
  { schema, onlyOn }: ViewOptions | MaterializedViewOptions,
  materialized: MaterializedViewOptions | undefined,
  postgres: PostgresViewOptions | undefined,
): object {
  if (!isQueryNode(given)) {
    throw new BuildError(
      'invalid_view',
      `view('${name}', …) takes a query such as select(…).from(…), not ${excerpt(given)}.`,
    )
  }
  const query = given as unknown as QueryNode
  const node = new TableNode(name, schema)
  const needs = new Set<string>()
  walk(query, (part) => {
    if (part.kind === 'table') needs.add(relationKey((part as TableNode).quotedPath))
  })
  const object: ViewDefinition = {
    key: relationKey(node.quotedPath),
    onlyOn,
    needs: [...needs],
    table: node,
    query,
    materialized,
    postgres,
    create: ({ ifNotExists }) => [createNode(object, ifNotExists, false)],
    drop: ({ ifExists }) => [new DropViewNode(node, materialized !== undefined, ifExists, false)],
  }
  return createSource({ node, columns: derivedColumns(node, query.selection), object })
}

function createNode(object: ViewDefinition, ifNotExists: boolean, orReplace: boolean): CreateViewNode {
  const { table, query, materialized, postgres } = object
  const { schema: _, onlyOn: __, ...kept } = materialized ?? {}
  return new CreateViewNode(table, query, {
    ifNotExists,
    orReplace,
    materialized: materialized && kept,
    postgres,
  })
}

/** How a view is created, as plain data. */
export interface CreateViewDetails {
  readonly ifNotExists: boolean
  readonly orReplace: boolean
  readonly materialized?: Omit<MaterializedViewOptions, 'schema' | 'onlyOn'> | undefined
  readonly postgres?: PostgresViewOptions | undefined
}

/** `create view`, `create materialized view`. */
export class CreateViewNode extends StatementNode {
  static readonly fields: Fields<CreateViewNode> = { table: 'child', query: 'child', details: 'data' }
  constructor(
    readonly table: TableNode,
    readonly query: QueryNode,
    readonly details: CreateViewDetails,
  ) {
    super('createView')
  }
  write(to: Writer): void {
    const { table, details } = this
    const { materialized, postgres = {} } = details
    checkName(to, table.name)
    if (materialized !== undefined) this.writeMaterialized(to, materialized)
    else {
      const { securityInvoker, securityBarrier, checkOption } = postgres
      const options = [
        ...(securityInvoker === undefined ? [] : [`security_invoker = ${securityInvoker === true}`]),
        ...(securityBarrier === undefined ? [] : [`security_barrier = ${securityBarrier === true}`]),
      ]
      if (securityInvoker !== undefined) requireSchemaFeature(to, 'viewOptions')
      else if (options.length > 0 || checkOption !== undefined) requireSchemaFeature(to, 'replaceView')
      // Where a view can be replaced, there is no `if not exists`.
      const replace = details.orReplace || (details.ifNotExists && to.dialect.lacks.replaceView !== true)
      if (details.orReplace) requireSchemaFeature(to, 'replaceView')
      to.text(`create ${replace ? 'or replace ' : ''}view `)
      if (details.ifNotExists && !replace) to.text('if not exists ')
      to.text(table.quotedPath)
      if (options.length > 0) to.text(` with (${options.join(', ')})`)
      this.writeQuery(to)
      if (checkOption !== undefined)
        to.text(` with ${checkOption === 'local' ? 'local' : 'cascaded'} check option`)
    }
  }
  private writeMaterialized(
    to: Writer,
    { with: parameters, tablespace, withData }: NonNullable<CreateViewDetails['materialized']>,
  ): void {
    requireSchemaFeature(to, 'materializedViews')
    to.text(
      `create materialized view ${this.details.ifNotExists ? 'if not exists ' : ''}${this.table.quotedPath}`,
    )
    if (parameters !== undefined) to.text(` with ${storageText(to, parameters)}`)
    if (tablespace !== undefined) to.text(` tablespace ${quoteIdentifier(tablespace)}`)
    this.writeQuery(to)
    if (withData === false) to.text(' with no data')
  }
  /** The query by itself, since what it has in front of it, its CTEs, is a part of it here. */
  private writeQuery(to: Writer): void {
    to.text(` as ${to.dialect.toSQL(keptQuery(this.query, to), { inline: true }).sql}`)
  }
}

/** `drop view`, `drop materialized view`. */
export class DropViewNode extends StatementNode {
  static readonly fields: Fields<DropViewNode> = {
    table: 'child',
    isMaterialized: 'data',
    ifExists: 'data',
    cascade: 'data',
  }
  constructor(
    readonly table: TableNode,
    readonly isMaterialized: boolean,
    readonly ifExists: boolean,
    readonly cascade: boolean,
  ) {
    super('dropView')
  }
  write(to: Writer): void {
    if (this.isMaterialized) requireSchemaFeature(to, 'materializedViews')
    if (this.cascade && to.dialect.lacks.dropCascade)
      throw to.unsupported('drop view … cascade', 'Drop the views that read it first.')
    to.text(`drop ${this.isMaterialized ? 'materialized ' : ''}view ${this.ifExists ? 'if exists ' : ''}`)
    to.text(`${this.table.quotedPath}${this.cascade ? ' cascade' : ''}`)
  }
}

/** `refresh materialized view`. */
export class RefreshViewNode extends StatementNode {
  static readonly fields: Fields<RefreshViewNode> = { table: 'child', concurrently: 'data', withData: 'data' }
  constructor(
    readonly table: TableNode,
    readonly concurrently: boolean,
    readonly withData: boolean,
  ) {
    super('refreshView')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'materializedViews')
    to.text(`refresh materialized view ${this.concurrently ? 'concurrently ' : ''}${this.table.quotedPath}`)
    if (!this.withData) to.text(' with no data')
  }
}

function requireView(place: string, given: unknown): ViewDefinition {
  const object = sourceInfo(given)?.object as ViewDefinition | undefined
  if (object?.query !== undefined) return object
  throw new BuildError(
    'not_a_view',
    `${place} takes a view made by view(…) or materializedView(…), not ${excerpt(given)}.`,
  )
}

/**
 * The statement that creates a view. Values in its query are literals there.
 * @example
 * ```ts
 * const good = view('good_posts', select({ id: posts.id }).from(posts).where(posts.score.gt(5)))
 * createView(good) // create view "good_posts" as select "posts"."id" from "posts" where "posts"."score" > 5
 * createView(good, { orReplace: true }).toSQL(postgresDialect).sql.startsWith('create or replace view') // true
 * ```
 */
export function createView(
  given: AnyView,
  options: { readonly ifNotExists?: boolean; readonly orReplace?: boolean } = {},
): DdlStatement {
  const { ifNotExists = false, orReplace = false } = options
  const object = requireView('createView', given)
  if ((ifNotExists && orReplace) || (orReplace && object.materialized !== undefined)) {
    throw new BuildError(
      'invalid_view',
      object.materialized === undefined
        ? 'createView is either ifNotExists or orReplace, not both.'
        : 'A materialized view cannot be replaced: drop it and create it.',
    )
  }
  return ddl(createNode(object, ifNotExists, orReplace))
}

/** The statement that drops a view: `drop view "good_posts"`. */
export function dropView(
  given: AnyView,
  options: { readonly ifExists?: boolean; readonly cascade?: boolean } = {},
): DdlStatement {
  const { table, materialized } = requireView('dropView', given)
  return ddl(
    new DropViewNode(table, materialized !== undefined, options.ifExists === true, options.cascade === true),
  )
}

/**
 * The statement that computes the rows of a materialized view anew. `concurrently` keeps nobody from reading it meanwhile,
 * which needs a unique index; `withData: false` empties it.
 *
 * PostgreSQL: `refresh materialized view concurrently "totals"` · SQLite: refused
 */
export function refreshView(
  given: AnyView,
  options: { readonly concurrently?: boolean; readonly withData?: boolean } = {},
): DdlStatement {
  const { table, materialized } = requireView('refreshView', given)
  if (materialized === undefined) {
    throw new BuildError(
      'not_a_view',
      `refreshView: '${table.name}' is no materialized view, and so always as its tables are.`,
    )
  }
  return ddl(new RefreshViewNode(table, options.concurrently === true, options.withData !== false))
}
