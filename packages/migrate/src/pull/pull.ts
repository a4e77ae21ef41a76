import {
  type Catalog,
  type CatalogProblem,
  defaultNaming,
  type ExpressionNode,
  noNaming,
  type SqlType,
  snakeCase,
  type TableDefinition,
} from '@espalier/core'
import { inspectorOf } from '../catalog/inspector.js'
import { relationKey } from './definition.js'
import { ExpressionWriter } from './expression.js'
import { block, call, type Layout, object, render } from './layout.js'
import { CORE_NAMES, type Declaration, Needs } from './module.js'
import { modulesOf, type PulledFile, type Split } from './modules.js'
import { camelCase, columnKeys, ExportNames } from './names.js'
import { objectSource } from './object.js'
import { namedTypesOf, ordered, type Part, partsOf, problemsOf, schemasOf } from './parts.js'
import { readerOf, type SchemaReader } from './readers.js'
import { type Relation, type TableContext, tableSource } from './table.js'
import { stringSource } from './text.js'
import { databaseTypeOf, domainOf, type NamedType, TypeWriter } from './types.js'
import { keySource, saysAnything, valueSource } from './value.js'

/** How the source of a schema is written, see {@link pullSchema}. */
export interface PullOptions {
  /** `schema`: a file for each schema; `table`: one for each table, view and the like. Without it, all is in one file. */
  readonly split?: Split | undefined
}

/** The source of a schema, see {@link pullSchema}. */
export interface PulledSchema {
  /** The files, whose paths are relative to where they are to be. */
  readonly files: readonly PulledFile[]
  readonly summary: PullSummary
}

/** What was written, and what could not be. */
export interface PullSummary {
  /** How many objects of each kind there are: `{ table: 12, view: 1, trigger: 3 }`. */
  readonly objects: Readonly<Record<string, number>>
  /** How many expressions are written as SQL, since no builder makes them: defaults, checks, keys of indexes. */
  readonly rawExpressions: number
  /** What of the database is not in the files, or not wholly. */
  readonly problems: readonly CatalogProblem[]
}

/**
 * Writes a schema as TypeScript, from what `inspect` reads of a database: tables, views, types and all else that a metadata
 * declares, each behind what it needs, with names in camel case. The same catalog always gives the same text.
 *
 * Expressions of the database are written as SQL, `` sql`…` ``, but for defaults that are plain values; nothing that the
 * database says becomes code. What a metadata cannot say is listed under `summary.problems`.
 *
 * Throws a `MigrationError` for a catalog of a dialect that it does not know.
 * @example
 * ```ts
 * import { createTable } from '@espalier/core'
 * import { inspect } from '@espalier/dialects/sqlite/inspect'
 *
 * const shop = sqlite(':memory:')
 * await shop.run(createTable(table('users', { id: integer().primaryKey() })))
 * const { files, summary } = await pullSchema(await inspect(shop), { split: 'table' })
 * for (const { path, text } of files) console.log(path, text) // to be written into a directory
 * summary.problems.map(({ object, message }) => `${object.name}: ${message}`) // []
 * ```
 */
export async function pullSchema(catalog: Catalog, options: PullOptions = {}): Promise<PulledSchema> {
  const reader = await readerOf(catalog.dialect)
  const { metadataOf } = await inspectorOf(catalog.dialect)
  const metadatas = reader.hasAllSchemas
    ? [metadataOf(catalog)]
    : schemasOf(catalog, reader).map((schema) => metadataOf(catalog, { schema }))
  const made = metadatas.flatMap(({ metadata }) => partsOf(reader.defaultSchema, metadata))
  const pull = new Pull(ordered(made), reader)
  const declarations = pull.declarations()
  const counts: Record<string, number> = {}
  for (const { kind } of made) counts[kind] = (counts[kind] ?? 0) + 1
  return {
    files: modulesOf(declarations, options.split),
    summary: {
      objects: counts,
      rawExpressions: pull.rawExpressions,
      problems: problemsOf(catalog, metadatas),
    },
  }
}

/** How the metadata of a schema is called, and names columns and constraints. */
interface MetadataStyle {
  readonly variable: string
  readonly isSnakeCase: boolean
  /** Whether constraints have no names. */
  readonly isUnnamed: boolean
}

/** Writes the declarations of all parts. */
class Pull {
  private readonly names = new ExportNames([...CORE_NAMES, 'metadatas'])
  private readonly metadatas = new Map<string, MetadataStyle>()
  private readonly relations = new Map<string, Relation>()
  private readonly variables = new Map<string, string>()
  private readonly definitions = new Map<string, TableDefinition>()
  private readonly types: readonly NamedType[]
  private readonly expressions: ExpressionWriter
  private readonly context: TableContext
  private readonly typeVariables = new Map<string, string>()

  constructor(
    private readonly parts: readonly Part[],
    private readonly reader: SchemaReader,
  ) {
    this.types = namedTypesOf(parts)
    this.nameMetadatas()
    this.nameParts()
    for (const { key, name, kind } of this.types) this.typeVariables.set(key, this.names.of(name, kind))
    const types = new TypeWriter(this.typeVariables)
    this.expressions = new ExpressionWriter(types, reader)
    this.context = {
      types,
      expressions: this.expressions,
      relationOf: (path) => this.relations.get(relationKey(path)),
      variableOf: (key) => this.variables.get(key),
      partitionedOf: (path) => this.definitions.get(relationKey(path)),
      nameOf: (metadata, key) => (this.styleOf(metadata)?.isSnakeCase === true ? snakeCase(key) : key),
      namingOf: (metadata) => (this.styleOf(metadata)?.isUnnamed === true ? noNaming : defaultNaming),
      keepsOrder: reader.keepsOrder,
    }
  }

  get rawExpressions(): number {
    return this.expressions.rawCount
  }

  private styleOf(variable: string): MetadataStyle | undefined {
    return [...this.metadatas.values()].find((one) => one.variable === variable)
  }

  /** Names the metadata of each schema, and chooses how it names columns: as most of them are. */
  private nameMetadatas(): void {
    const { defaultSchema } = this.reader
    const schemas = new Set([defaultSchema, ...this.parts.map(({ schema }) => schema)])
    for (const schema of schemas) {
      const names = this.parts
        .filter((part) => part.schema === schema && part.kind === 'table')
        .flatMap(({ columns }) => [...columnKeys(columns)])
      const count = (nameOf: (key: string) => string) =>
        names.filter(([name, key]) => nameOf(key) === name).length
      const isSnakeCase = count(snakeCase) >= count((key) => key)
      const variable = schema === defaultSchema ? this.names.take('app') : this.names.of(schema, 'schema')
      this.metadatas.set(schema, { variable, isSnakeCase, isUnnamed: this.isUnnamed(schema) })
    }
  }

  /** Whether most constraints of a schema have no name. */
  private isUnnamed(schema: string): boolean {
    const own = this.parts.filter((part) => part.schema === schema)
    const names = own.flatMap(({ definition }) => (definition?.constraints ?? []).map(({ name }) => name))
    return names.filter((name) => name === '').length * 2 > names.length
  }

  private nameParts(): void {
    const { defaultSchema } = this.reader
    const needed = new Set(this.parts.flatMap(({ needs }) => needs))
    const counts = new Map<string, number>()
    const named = this.parts.filter(
      ({ key, definition, columns, kind }) =>
        definition !== undefined || columns.length > 0 || kind === 'sequence' || needed.has(key),
    )
    const isRelation = ({ definition, columns }: Part) => definition !== undefined || columns.length > 0
    for (const { name } of named.filter(isRelation))
      counts.set(camelCase(name), (counts.get(camelCase(name)) ?? 0) + 1)
    const places = new Map(this.parts.map((part, i) => [part, i]))
    // Tables are named first, since their names matter most.
    const rank = ({ schema, kind }: Part) => (kind === 'table' ? 0 : 2) + (schema === defaultSchema ? 0 : 1)
    const inOrder = named.toSorted(
      (a, b) => rank(a) - rank(b) || compare(a.schema, b.schema) || compare(a.name, b.name),
    )
    for (const part of inOrder) {
      const { schema, name, kind, key, columns, definition } = part
      const isAmbiguous =
        isRelation(part) && schema !== defaultSchema && (counts.get(camelCase(name)) ?? 0) > 1
      const variable = this.names.of(
        isAmbiguous ? `${schema}_${name}` : name,
        kind.split(' ').at(-1) as string,
      )
      this.variables.set(key, variable)
      if (!isRelation(part)) continue
      const metadata = this.metadatas.get(schema)?.variable as string
      this.relations.set(key, {
        variable,
        keys: columnKeys(columns),
        metadata,
        place: places.get(part) as number,
      })
      if (definition !== undefined) this.definitions.set(key, definition)
    }
  }

  /** All declarations in their order: metadatas, types, and the parts. */
  declarations(): Declaration[] {
    const metadatas = [...this.metadatas].map(([schema, one]) => this.metadata(schema, one))
    const types = this.types.map((type) => this.type(type))
    const parts = this.parts.flatMap((part) => this.part(part))
    return [...metadatas, ...types, ...parts, ...this.allMetadatas()]
  }

  private metadata(schema: string, { variable, isSnakeCase, isUnnamed }: MetadataStyle): Declaration {
    const needs = new Needs()
    const options = {
      schema: schema === this.reader.defaultSchema ? undefined : schema,
      columnNames: isSnakeCase ? 'snake_case' : undefined,
      naming: isUnnamed ? 'none' : undefined,
    }
    const made = call(needs.core('metadata'), saysAnything(options) ? [valueSource(options)] : [])
    return this.placed('metadata', schema, variable, made, needs)
  }

  private allMetadatas(): Declaration[] {
    if (this.metadatas.size < 2) return []
    const needs = new Needs()
    const all = [...this.metadatas.values()].map(({ variable }) => needs.variable(variable))
    return [this.placed('metadata', this.reader.defaultSchema, 'metadatas', `[${all.join(', ')}]`, needs)]
  }

  private placed(
    place: Declaration['place'],
    schema: string,
    name: string | undefined,
    code: Layout,
    { imports, reads }: Needs,
    lazy: ReadonlySet<string> = new Set(),
  ): Declaration {
    const readsAtOnce = new Set([...reads].filter((one) => !lazy.has(one)))
    const text = name === undefined ? code : [`export const ${name} = `, code]
    return { place, schema, name, code: render(text), imports, reads, readsAtOnce }
  }

  private type({ key, kind, type, name }: NamedType): Declaration {
    const needs = new Needs()
    const variable = this.typeVariables.get(key) as string
    return this.placed(
      'type',
      this.reader.defaultSchema,
      variable,
      this.typeSource(kind, name, type, needs),
      needs,
    )
  }

  private typeSource(kind: NamedType['kind'], name: string, type: SqlType, needs: Needs): Layout {
    const { types } = this.context
    switch (kind) {
      case 'enum':
        return call(needs.core('enumType'), [stringSource(name), valueSource(type.values)])
      case 'domain': {
        const check = domainOf(type)?.check
        const predicate = check && this.expressions.predicate(check as ExpressionNode, needs)
        return call(needs.core('domain'), [
          stringSource(name),
          types.source(type.base as SqlType, needs),
          ...(predicate === undefined ? [] : [object([['check', ['() => ', predicate]]])]),
        ])
      }
      case 'composite': {
        const keys = columnKeys((type.fields ?? []).map((field) => field.name))
        const fields = (type.fields ?? []).map((field) => {
          const fieldKey = keys.get(field.name) as string
          const source = types.source(field.type, needs, fieldKey === field.name ? undefined : field.name)
          return [`${keySource(fieldKey)}: `, source, field.notNull ? '.notNull()' : '']
        })
        return [needs.core('compositeType'), `(${stringSource(name)}, `, block('{', fields, '}'), ')']
      }
      default: {
        const { sql = '', values } = databaseTypeOf(type) ?? {}
        const own =
          values === 'as is' ? ["'as is'"] : values === undefined ? [] : [types.source(values, needs)]
        return call(needs.core('databaseType'), [stringSource(sql), ...own])
      }
    }
  }

  private part(part: Part): Declaration[] {
    const needs = new Needs()
    const { key, schema, definition, object: value, columns } = part
    const variable = this.variables.get(key)
    const metadata = this.metadatas.get(schema)?.variable as string
    if (definition !== undefined) {
      const own = this.relations.get(key) as Relation
      const code = tableSource(definition, own, this.context, needs)
      const lazy = this.lazyReads(part)
      const table = this.placed('part', schema, variable, code, needs, lazy)
      return definition.details?.partitionOf === undefined
        ? [table]
        : [table, this.added(part, variable as string)]
    }
    const keys =
      columns.length === 0 ? new Map<string, string>() : (this.relations.get(key)?.keys ?? new Map())
    const code = objectSource(value, keys, this.context, this.reader.dialect, needs)
    if (variable !== undefined)
      return [this.placed('part', schema, variable, code, needs), this.added(part, variable)]
    const added = [`${needs.variable(metadata)}.add(`, code, ')']
    return [this.placed('part', schema, undefined, added, needs)]
  }

  private added({ schema }: Part, variable: string): Declaration {
    const needs = new Needs()
    const metadata = this.metadatas.get(schema)?.variable as string
    const code = `${needs.variable(metadata)}.add(${needs.variable(variable)})`
    return { ...this.placed('part', schema, undefined, code, needs), adds: variable }
  }

  /** The variables that a table reads only when its references are followed. */
  private lazyReads({ key, refersTo, needs }: Part): ReadonlySet<string> {
    const own = this.variables.get(key)
    const lazy = refersTo.filter((other) => !needs.includes(other)).map((other) => this.variables.get(other))
    return new Set(lazy.filter((one): one is string => one !== undefined && one !== own))
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
