import {
  type AnyView,
  alterSequence as alterSequenceStatement,
  type CompositeDefinition,
  createAll,
  createComposite,
  createDomain,
  createEnum,
  createView,
  type Dialect,
  dropAll,
  dropComposite,
  dropDomain,
  dropEnum,
  excerpt,
  type Family,
  type FieldTypes,
  type ObjectDefinition,
  refreshView,
  type SchemaObject,
  type Sequence,
  type SequenceOptions,
  type SqlType,
  sourceInfo,
  storedAs,
  type TypeDefinition,
} from '@espalier/core'
import { MigrationError } from '../errors.js'
import { nothing } from './constraint.js'
import { defineOperation } from './define.js'
import type { AnyStatement, Operation } from './operation.js'

/**
 * What beside tables is created, dropped and replaced: a view, a sequence, a schema, an extension, what `declared(…)` declares
 * by its source (functions, procedures, triggers, policies, rules, virtual tables), a type of `enumType(…)`, `domain(…)` or
 * `compositeType(…)`.
 */
export type AnySchemaObject = AnyView | SchemaObject | TypeDefinition<unknown, Family>

/** An object with the statements that create and drop it. */
interface Made {
  readonly name: string
  readonly create: (dialect: Dialect) => readonly AnyStatement[]
  readonly drop: (dialect: Dialect) => readonly AnyStatement[]
  readonly definition: ObjectDefinition | undefined
}

/**
 * Creates an object of the schema that is no table. Reversed by dropping it. Where a database does without (SQLite without
 * schemas, extensions and types), it does nothing.
 * @example
 * ```ts
 * createObject(view('good_posts', select({ id: posts.id }).from(posts).where(posts.score.gt(5))))
 * // create view "good_posts" as select "posts"."id" from "posts" where "posts"."score" > 5
 * createObject(enumType('mood', ['sad', 'happy']))
 * // PostgreSQL: create type "mood" as enum ('sad', 'happy')
 * createObject(declared({
 *   kind: 'policy',
 *   name: 'own_posts',
 *   create: sql.statement`create policy own_posts on posts using (author_id = current_user_id())`,
 *   drop: sql.statement`drop policy own_posts on posts`,
 *   onlyOn: 'PostgreSQL',
 * }))
 * ```
 */
export function createObject(object: AnySchemaObject): Operation {
  const made = madeOf('createObject', object)
  return defineOperation({
    kind: 'createObject',
    description: `create ${made.name}`,
    statements: made.create,
    reverse: () => dropObject(object),
    call: ['createObject', object],
  })
}

/**
 * Drops an object of the schema that is no table. Reversed by creating it again. An object that is declared without a
 * statement that drops it goes with what it belongs to, and is refused here.
 * @example
 * ```ts
 * dropObject(view('good_posts', select({ id: posts.id }).from(posts).where(posts.score.gt(5)))) // drop view "good_posts"
 * ```
 */
export function dropObject(object: AnySchemaObject): Operation {
  const made = madeOf('dropObject', object)
  requireDrop(made)
  return defineOperation({
    kind: 'dropObject',
    description: `drop ${made.name}`,
    statements: made.drop,
    reverse: () => createObject(object),
    call: ['dropObject', object],
  })
}

/**
 * Puts an object in the place of another: a view, a function, a trigger of the same name or another. Reversed the other way
 * round.
 *
 * A view that has all columns of the old one, in their order, is replaced where the database can: what reads it stays. Others
 * are dropped and created, which the database refuses where something needs them. What is declared by its source is created
 * by that alone where it says `create or replace`.
 * @example
 * ```ts
 * const titles = view('titles', select({ id: posts.id }).from(posts))
 * const longer = view('titles', select({ id: posts.id, title: posts.title }).from(posts))
 * replaceObject(titles, longer)
 * // PostgreSQL: create or replace view "titles" as select "posts"."id", "posts"."title" from "posts"
 * // SQLite: drop view "titles"
 * //         create view "titles" as select "posts"."id", "posts"."title" from "posts"
 * ```
 */
export function replaceObject(from: AnySchemaObject, to: AnySchemaObject): Operation {
  const [old, made] = [madeOf('replaceObject', from), madeOf('replaceObject', to)]
  requireDrop(old)
  return defineOperation({
    kind: 'replaceObject',
    description: `replace ${old.name}${old.name === made.name ? '' : ` by ${made.name}`}`,
    statements: (dialect) => {
      const inPlace = old.name === made.name ? replacing(from, to, made, dialect) : undefined
      return inPlace ?? [...old.drop(dialect), ...made.create(dialect)]
    },
    reverse: () => replaceObject(to, from),
    call: ['replaceObject', from, to],
  })
}

/**
 * Computes the rows of a materialized view anew; `concurrently` keeps nobody from reading it meanwhile, which needs a unique
 * index. Nothing undoes it, and nothing needs to. PostgreSQL: `refresh materialized view "totals"`.
 */
export function refreshMaterialized(
  view: AnyView,
  options: { readonly concurrently?: boolean; readonly withData?: boolean } = {},
): Operation {
  const { name } = madeOf('refreshMaterialized', view)
  return defineOperation({
    kind: 'refreshMaterialized',
    description: `refresh ${name}`,
    statements: [refreshView(view, options)],
    reverse: () => nothing(`${name} stays as it was refreshed`, () => refreshMaterialized(view, options)),
    call: ['refreshMaterialized', view, options],
  })
}

/**
 * Changes how a sequence counts, and with `restart` where it goes on. Reversed where `from` says how it counted before.
 * PostgreSQL.
 * @example
 * ```ts
 * alterSequence(sequence('invoice_numbers'), { increment: 10 }, { from: { increment: 1 } })
 * // alter sequence "invoice_numbers" increment by 10
 * ```
 */
export function alterSequence(
  sequence: Sequence,
  change: SequenceOptions & { readonly restart?: number | bigint },
  options: { readonly from?: SequenceOptions & { readonly restart?: number | bigint } } = {},
): Operation {
  const { from } = options
  return defineOperation({
    kind: 'alterSequence',
    description: `alter sequence ${sequence.name}`,
    statements: [alterSequenceStatement(sequence, change)],
    reverse:
      from === undefined
        ? {
            irreversible: `nothing says how '${sequence.name}' counted before; write alterSequence(…, { … }, { from: { … } })`,
          }
        : () => alterSequence(sequence, from, { from: change }),
    call: ['alterSequence', sequence, change, ...(from === undefined ? [] : [options])],
  })
}

function requireDrop({ name, definition }: Made): void {
  if (definition === undefined || definition.drop({ ifExists: false }).length > 0) return
  throw new MigrationError(
    'invalid_operation',
    `The ${name} is declared without a statement that drops it; say drop: sql.statement\`drop …\` in declared(…).`,
  )
}

/** The statements that replace an object where it stands; undefined where it has to be dropped first. */
function replacing(
  from: AnySchemaObject,
  to: AnySchemaObject,
  made: Made,
  dialect: Dialect,
): readonly AnyStatement[] | undefined {
  const definition = made.definition as
    | (ObjectDefinition & { readonly query?: unknown; readonly materialized?: unknown })
    | undefined
  if (definition?.query !== undefined) {
    if (dialect.lacks.replaceView === true || definition.materialized !== undefined) return undefined
    const [before, after] = [columnsOf(from), columnsOf(to)]
    if (!before.every((name, i) => after[i] === name)) return undefined
    return [createView(to as AnyView, { orReplace: true })]
  }
  const statements = made.create(dialect)
  const isReplacing = statements.every((statement) =>
    /^\s*create\s+or\s+replace\b/i.test(statement.toSQL(dialect, { inline: true }).sql),
  )
  return definition !== undefined && isReplacing && statements.length > 0 ? statements : undefined
}

function columnsOf(view: unknown): readonly string[] {
  const columns = (
    sourceInfo(view) as { readonly columns?: Readonly<Record<string, { readonly name: string }>> }
  )?.columns
  return Object.values(columns ?? {}).map(({ name }) => name)
}

function madeOf(operation: string, object: unknown): Made {
  const definition =
    (object as Partial<SchemaObject> | undefined)?.['~object'] ??
    (sourceInfo(object)?.object as ObjectDefinition | undefined)
  if (definition !== undefined) {
    const isMaterialized = (definition as { readonly materialized?: unknown }).materialized !== undefined
    const kind = (definition.source as { readonly kind?: string } | undefined)?.kind
    return {
      name: definition.key
        .replace(/^relation /, `${isMaterialized ? 'materialized view' : (kind ?? 'view')} `)
        .replaceAll(/"([\p{L}_][\p{L}\p{N}_$]*)"/gu, '$1'),
      create: (dialect) => createAll([object as never], dialect),
      drop: (dialect) => dropAll([object as never], dialect),
      definition,
    }
  }
  const type = (object as Partial<TypeDefinition<unknown, Family>> | undefined)?.sqlType
  const made = type === undefined ? undefined : typeOf(object as never, type)
  if (made !== undefined) return made
  throw new MigrationError(
    'invalid_operation',
    `${operation} takes a view, a sequence, a schema, an extension, a type, or what declared(…) makes, not ${excerpt(object)}. ` +
      'Tables have createTable(…) and dropTable(…).',
  )
}

function typeOf(object: never, type: SqlType): Made | undefined {
  const where =
    (make: () => AnyStatement) =>
    (dialect: Dialect): readonly AnyStatement[] =>
      dialect.lacks.textTypes === true ? [] : [make()]
  const { values, fields } = storedAs(type)
  const made = (name: string, create: () => AnyStatement, drop: () => AnyStatement): Made => ({
    name,
    create: where(create),
    drop: where(drop),
    definition: undefined,
  })
  const plain = (name: string) => name.replace(/^\w+ /, '')
  if (type.base !== undefined)
    return made(
      `domain ${plain(type.name)}`,
      () => createDomain(object),
      () => dropDomain(object),
    )
  if (values !== undefined)
    return made(
      `enum ${plain(storedAs(type).name)}`,
      () => createEnum(object),
      () => dropEnum(object),
    )
  if (fields !== undefined) {
    const composite = object as CompositeDefinition<FieldTypes, unknown>
    return made(
      `composite type ${plain(storedAs(type).name)}`,
      () => createComposite(composite),
      () => dropComposite(composite),
    )
  }
  return undefined
}
