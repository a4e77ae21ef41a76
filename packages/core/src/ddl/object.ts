import { BuildError, excerpt } from '../errors.js'
import { quoteIdentifier } from '../expression/identifier.js'
import { createSource, type FromItem, type SourceInfo, sourceInfo } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { Writer } from '../expression/writer.js'
import type { DatabaseName } from '../schema/constraint.js'
import { checkName } from '../schema/naming.js'
import { requireSchemaFeature } from '../schema/schema-features.js'
import { type ObjectDefinition, objectOf, relationKey, type SchemaObject } from '../schema/schema-object.js'
import { type ColumnBuilders, type Table, table } from '../schema/table.js'
import { StatementNode } from '../statement/statement-node.js'
import type { Fields, Node } from '../tree/node.js'
import { TEXT } from '../types/sql-type.js'
import { type DdlStatement, ddl, pathOf } from './statement.js'

/** What may be created and dropped as one of a set: a table, a view, or another object of a schema. */
export type AnyObject = FromItem | SchemaObject

/** `create schema`. */
export class CreateSchemaNode extends StatementNode {
  static readonly fields: Fields<CreateSchemaNode> = { name: 'data', ifNotExists: 'data' }
  constructor(
    readonly name: string,
    readonly ifNotExists: boolean,
  ) {
    super('createSchema')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'schemas')
    checkName(to, this.name)
    to.text(`create schema ${this.ifNotExists ? 'if not exists ' : ''}${quoteIdentifier(this.name)}`)
  }
}

/** `drop schema`. */
export class DropSchemaNode extends StatementNode {
  static readonly fields: Fields<DropSchemaNode> = { name: 'data', ifExists: 'data', cascade: 'data' }
  constructor(
    readonly name: string,
    readonly ifExists: boolean,
    readonly cascade: boolean,
  ) {
    super('dropSchema')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'schemas')
    to.text(`drop schema ${this.ifExists ? 'if exists ' : ''}${quoteIdentifier(this.name)}`)
    if (this.cascade) to.text(' cascade')
  }
}

/** The statement that creates a schema: `create schema "app"`. SQLite refuses it: its schemas are attached files. */
export function createSchema(name: string, options: { readonly ifNotExists?: boolean } = {}): DdlStatement {
  return ddl(new CreateSchemaNode(name, options.ifNotExists === true))
}

/** The statement that drops a schema, with `cascade` all that is in it: `drop schema "app"`. SQLite refuses it. */
export function dropSchema(
  name: string,
  options: { readonly ifExists?: boolean; readonly cascade?: boolean } = {},
): DdlStatement {
  return ddl(new DropSchemaNode(name, options.ifExists === true, options.cascade === true))
}

/**
 * A schema as one of the objects of a metadata, which is created before what is in it: `app.add(schema('app'))`. SQLite does
 * without.
 */
export function schema(name: string): SchemaObject {
  return {
    '~object': {
      key: schemaKey(name),
      needs: [],
      create: ({ ifNotExists }) => [new CreateSchemaNode(name, ifNotExists)],
      drop: ({ ifExists }) => [new DropSchemaNode(name, ifExists, false)],
      isLeftOut: ({ lacks }) => 'schemas' in lacks,
    },
  }
}

/** The key of a schema among the objects. */
export function schemaKey(name: string): string {
  return `schema ${quoteIdentifier(name)}`
}

/** `create extension`. */
export class CreateExtensionNode extends StatementNode {
  static readonly fields: Fields<CreateExtensionNode> = {
    name: 'data',
    schema: 'data',
    version: 'data',
    ifNotExists: 'data',
  }
  constructor(
    readonly name: string,
    readonly schema: string | undefined,
    readonly version: string | undefined,
    readonly ifNotExists: boolean,
  ) {
    super('createExtension')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'extensions')
    to.text(`create extension ${this.ifNotExists ? 'if not exists ' : ''}${quoteIdentifier(this.name)}`)
    if (this.schema !== undefined) to.text(` schema ${quoteIdentifier(this.schema)}`)
    if (this.version !== undefined) to.text(` version ${to.codec(TEXT).literal(this.version, TEXT)}`)
  }
}

/** `drop extension`. */
export class DropExtensionNode extends StatementNode {
  static readonly fields: Fields<DropExtensionNode> = { name: 'data', ifExists: 'data' }
  constructor(
    readonly name: string,
    readonly ifExists: boolean,
  ) {
    super('dropExtension')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'extensions')
    to.text(`drop extension ${this.ifExists ? 'if exists ' : ''}${quoteIdentifier(this.name)}`)
  }
}

/** What is said of an extension. */
export interface ExtensionOptions {
  /** The schema that its objects are in. */
  readonly schema?: string
  readonly version?: string
}

/**
 * An extension of PostgreSQL as one of the objects of a metadata, which is created before all others:
 * `app.add(extension('citext'))`. SQLite does without: its types and functions that need none are written otherwise.
 */
export function extension(name: string, options: ExtensionOptions = {}): SchemaObject {
  return {
    '~object': {
      key: `extension ${quoteIdentifier(name)}`,
      needs: options.schema === undefined ? [] : [schemaKey(options.schema)],
      // It belongs to the whole database, where others may have made it already.
      create: () => [new CreateExtensionNode(name, options.schema, options.version, true)],
      drop: ({ ifExists }) => [new DropExtensionNode(name, ifExists)],
      isLeftOut: ({ lacks }) => 'extensions' in lacks,
    },
  }
}

/** The statement that creates an extension: `create extension "citext"`. SQLite refuses it. */
export function createExtension(
  name: string,
  options: ExtensionOptions & { readonly ifNotExists?: boolean } = {},
): DdlStatement {
  return ddl(new CreateExtensionNode(name, options.schema, options.version, options.ifNotExists === true))
}

/** The statement that drops an extension: `drop extension "citext"`. SQLite refuses it. */
export function dropExtension(name: string, options: { readonly ifExists?: boolean } = {}): DdlStatement {
  return ddl(new DropExtensionNode(name, options.ifExists === true))
}

/** What is declared by its source, see {@link declared}. */
export interface DeclaredSource {
  /** What kind of object it is: `function`, `trigger`, `policy`, `grant`, `virtual table`, … */
  readonly kind: string
  readonly name: string
  readonly schema?: string
  /** What creates it: one statement, or several in their order. */
  readonly create: Statement<never, never> | readonly Statement<never, never>[]
  /** What drops it; nothing where it goes with what it belongs to, as a trigger with its table. */
  readonly drop?: Statement<never, never> | readonly Statement<never, never>[]
  /** The tables, views and other objects that must be there before it. */
  readonly dependsOn?: readonly AnyObject[]
  /** The database for which alone it is meant. */
  readonly onlyOn?: DatabaseName
  /** The columns of a view or a virtual table, by which it is read and written as a table is. */
  readonly columns?: ColumnBuilders
}

/** An object that is declared by its source. */
export interface Declared extends SchemaObject {
  readonly kind: string
  readonly name: string
}

/**
 * An object by the SQL that creates and drops it: a function, a procedure, a trigger, a policy, a grant, a rule, a virtual
 * table. A metadata creates it behind what it depends on, and drops it before. Where it may be there already, its SQL should
 * say so itself: `create or replace`, `if not exists`.
 *
 * With `columns`, it is a table that statements read and write.
 *
 * Throws a `BuildError` for what is no statement.
 * @example
 * ```ts
 * const touched = declared({
 *   kind: 'trigger',
 *   name: 'posts_score',
 *   create: sql.statement`create trigger posts_score after insert on posts begin update posts set score = 1 where id = new.id; end`,
 *   drop: sql.statement`drop trigger if exists posts_score`,
 *   dependsOn: [posts],
 *   onlyOn: 'SQLite',
 * })
 * const longTitles = declared({
 *   kind: 'view',
 *   name: 'long_titles',
 *   create: sql.statement`create view long_titles as select title from posts where length(title) > 3`,
 *   drop: sql.statement`drop view long_titles`,
 *   dependsOn: [posts],
 *   columns: { title: text() },
 * })
 * for (const statement of createAll([longTitles], db.dialect)) await db.run(statement)
 * select(longTitles.title).from(longTitles) // select "long_titles"."title" as "value" from "long_titles"
 * ```
 */
export function declared<const Name extends string, const C extends ColumnBuilders>(
  source: DeclaredSource & { readonly name: Name; readonly columns: C },
): Table<Name, C>
export function declared(source: DeclaredSource): Declared
export function declared(source: DeclaredSource): object {
  const { kind, name, onlyOn } = source
  const statements = (place: 'create' | 'drop'): readonly Node[] => {
    const given = source[place] ?? []
    const list = (Array.isArray(given) ? given : [given]) as readonly Node[]
    for (const one of list) {
      if (typeof (one as Partial<Statement<never>>)?.toSQL === 'function') continue
      throw new BuildError(
        'invalid_object',
        `The ${place} of ${kind} '${name}' takes statements such as sql.statement\`…\`, not ${excerpt(one)}.`,
      )
    }
    return list
  }
  const [create, drop] = [statements('create'), statements('drop')]
  if (create.length === 0) {
    throw new BuildError('invalid_object', `The ${kind} '${name}' has no statement that creates it.`)
  }
  const object: ObjectDefinition = {
    // A virtual table may be asked for by its name as any other.
    key: /table|view/.test(kind)
      ? relationKey(pathOf(source.schema, name))
      : `${kind} ${pathOf(source.schema, name)}`,
    onlyOn,
    needs: (source.dependsOn ?? []).map(keyOf),
    create: () => create,
    drop: () => drop,
    source,
  }
  if (source.columns === undefined) return { kind, name, '~object': object }
  const options = source.schema === undefined ? {} : { schema: source.schema }
  const info = sourceInfo(table(name, source.columns, undefined, options)) as SourceInfo
  return createSource({ ...info, object })
}

/** The key of a table, a view or another object. */
export function keyOf(object: AnyObject): string {
  const known = objectOf(object)
  if (known !== undefined) return known.key
  const node = sourceInfo(object)?.node as { readonly kind: string; readonly quotedPath: string } | undefined
  if (node?.kind === 'table') return relationKey(node.quotedPath)
  throw new BuildError(
    'invalid_object',
    `${excerpt(object)} is no object of a schema: give a table, a view, or what sequence(…), extension(…), schema(…) or declared(…) makes.`,
  )
}
