import {
  type AnyObject,
  type CheckNode,
  type ColumnDefinitionNode,
  type ColumnNode,
  type ConstraintNode,
  type ExcludeNode,
  type ForeignKeyNode,
  type IndexNode,
  limitName,
  type NamingConvention,
  type Node,
  type PartitionOfNode,
  type PrimaryKeyNode,
  type SequenceOptions,
  type SqlType,
  type TableDefinition,
  type UniqueNode,
  walk,
} from '@espalier/core'
import { keyOf } from './definition.js'
import { type ColumnScope, columnSource, type ExpressionWriter } from './expression.js'
import { block, call, chain, type Layout, list, object } from './layout.js'
import type { Needs } from './module.js'
import { stringSource } from './text.js'
import type { TypeWriter } from './types.js'
import { plainNumbers, saysAnything, storageParameters, valueSource } from './value.js'

/** A table or another relation, as the modules have it. */
export interface Relation {
  readonly variable: string
  /** The keys of its columns, by their names. */
  readonly keys: ReadonlyMap<string, string>
  /** The variable of its metadata. */
  readonly metadata: string
  /** Its place among all that is declared. */
  readonly place: number
}

/** What writing a table needs to know of all the others. */
export interface TableContext {
  readonly types: TypeWriter
  readonly expressions: ExpressionWriter
  /** A relation by its quoted path. */
  readonly relationOf: (quotedPath: string) => Relation | undefined
  /** The variable of an object, by its key in the schema. */
  readonly variableOf: (key: string) => string | undefined
  /** A table that is partitioned, by its quoted path. */
  readonly partitionedOf: (quotedPath: string) => TableDefinition | undefined
  /** The name in the database that a key stands for by itself, in a metadata. */
  readonly nameOf: (metadata: string, key: string) => string
  /** The names of constraints and indexes that state none, in a metadata. */
  readonly namingOf: (metadata: string) => NamingConvention
  /** Whether the order of constraints is one that the database keeps. */
  readonly keepsOrder: boolean
}

const T = 't'

/** Writes a table: `app.table('users', { … }, (t) => […], { … })`, or `partitionOf(…)`. */
export function tableSource(
  definition: TableDefinition,
  own: Relation,
  context: TableContext,
  needs: Needs,
): Layout {
  return new TableWriter(definition, own, context, needs).source()
}

class TableWriter {
  private readonly scope: ColumnScope
  /** Whether what stands behind the columns reads one of them. */
  private readsColumns = false
  private readonly inColumns = new Set<ConstraintNode>()

  constructor(
    private readonly definition: TableDefinition,
    private readonly own: Relation,
    private readonly context: TableContext,
    private readonly needs: Needs,
  ) {
    const read = () => {
      this.readsColumns = true
      return T
    }
    this.scope = {
      keys: own.keys,
      get variable() {
        return read()
      },
    }
  }

  source(): Layout {
    const { definition, own, needs } = this
    const { table, columns, details } = definition
    this.chooseInColumns()
    const name = stringSource(table.name)
    const extras = this.extras()
    const options = this.options()
    const tail = [
      ...(extras.length > 0
        ? [block(`(${this.readsColumns ? T : ''}) => [`, extras, ']')]
        : options === undefined
          ? []
          : ['undefined']),
      ...(options === undefined ? [] : [options]),
    ].map((part) => [', ', part])
    if (details?.partitionOf !== undefined) {
      const parent = this.relation(details.partitionOf.parent.quotedPath)
      const bounds = this.bounds(details.partitionOf)
      return [needs.core('partitionOf'), `(${needs.variable(parent.variable)}, ${name}, `, bounds, tail, ')']
    }
    const entries = columns.map((column) => [`${own.keys.get(column.name)}: `, this.column(column)])
    return [`${needs.variable(own.metadata)}.table(${name}, `, block('{', entries, '}'), tail, ')']
  }

  private relation(quotedPath: string): Relation {
    const found = this.context.relationOf(quotedPath)
    if (found === undefined) throw new Error(`The table ${quotedPath} is not declared.`)
    return found
  }

  /** Chooses the constraints that stand at their column. Where the database keeps an order, theirs is as before. */
  private chooseInColumns(): void {
    const { columns, constraints } = this.definition
    const { keepsOrder } = this.context
    const at = (name: string) => columns.findIndex((column) => column.name === name)
    for (const kind of ['primaryKey', 'unique', 'foreignKey']) {
      let last = -1
      const taken = new Set<number>()
      for (const constraint of constraints) {
        if (constraint.kind !== kind) continue
        const place = this.canStandInColumn(constraint)
          ? at((constraint as UniqueNode).columns[0] as string)
          : -1
        const isNext = place >= 0 && !taken.has(place) && (!keepsOrder || place > last)
        if (!isNext && keepsOrder) break
        if (!isNext) continue
        this.inColumns.add(constraint)
        taken.add(place)
        last = place
      }
    }
  }

  private canStandInColumn(constraint: ConstraintNode): boolean {
    const { columns, details = {}, onlyOn } = constraint as UniqueNode | ForeignKeyNode
    if (columns.length !== 1 || onlyOn !== undefined) return false
    if (constraint.kind === 'primaryKey')
      return !saysAnything(details) && this.nameOf(constraint) === undefined
    if (constraint.kind === 'unique') return !saysAnything(details)
    const key = constraint as ForeignKeyNode
    const { setColumns, period } = key.details ?? {}
    return setColumns === undefined && period === undefined && this.singleTarget(key) !== undefined
  }

  /** The name of a constraint or an index; undefined where the convention gives it. */
  private nameOf(constraint: ConstraintNode | IndexNode): string | undefined {
    const { name: table } = this.definition.table
    const { kind, name, columns, target, predicate, keys } = constraint as Partial<
      UniqueNode & ForeignKeyNode & CheckNode & ExcludeNode
    > & { readonly kind: string; readonly name: string }
    const naming = this.context.namingOf(this.own.metadata)
    const within = (keys ?? (predicate === undefined ? [] : [predicate])).flatMap(columnsIn)
    const conventions: Readonly<Record<string, () => string>> = {
      primaryKey: () => naming.primaryKey(table, columns ?? []),
      unique: () => naming.unique(table, columns ?? []),
      foreignKey: () => naming.foreignKey(table, columns ?? [], target?.name ?? ''),
      check: () => naming.check(table, within),
      exclude: () => naming.exclude(table, within),
      index: () => naming.index(table, within.length > 0 ? within : ['expr']),
    }
    const made = conventions[kind]?.()
    return made !== undefined && limitName(made) === name ? undefined : name
  }

  private column(column: ColumnDefinitionNode): Layout {
    const { context, own, needs } = this
    const { name, type, notNull, defaultValue, identity, generated, details = {} } = column
    const { sequence, stored: _, notNull: __, ...rest } = details
    const key = own.keys.get(name) as string
    const stated = context.nameOf(own.metadata, key) === name ? undefined : name
    const constraints = [...this.inColumns].filter((one) => (one as UniqueNode).columns[0] === name)
    const isKey = constraints.some(({ kind }) => kind === 'primaryKey')
    const methods: Layout[] = []
    if (saysAnything(rest)) methods.push(call('.with', [valueSource(rest)]))
    if (identity !== undefined) methods.push(call('.identity', identityOptions(identity, sequence)))
    else if (notNull && !isKey) methods.push('.notNull()')
    if (isKey) methods.push('.primaryKey()')
    for (const one of constraints) {
      if (one.kind === 'unique') {
        const given = this.nameOf(one)
        methods.push(call('.unique', given === undefined ? [] : [stringSource(given)]))
      }
    }
    if (defaultValue !== undefined) {
      methods.push(call('.default', [context.expressions.default(defaultValue, type, needs)]))
    }
    for (const one of constraints) {
      if (one.kind !== 'foreignKey') continue
      const reference = one as ForeignKeyNode
      const options = this.referenceOptions(reference)
      methods.push(
        call('.references', [
          this.singleTarget(reference) as Layout,
          ...(options === undefined ? [] : [options]),
        ]),
      )
    }
    const source = chain(context.types.source(type, needs, stated), methods)
    return generated === undefined ? source : call(needs.core('generated'), [source])
  }

  /** The target of a reference at its column; undefined where it cannot stand there. */
  private singleTarget({ target, targetColumns }: ForeignKeyNode): Layout | undefined {
    const { definition, own, needs, context } = this
    const found = context.relationOf(target.quotedPath)
    const [name = ''] = targetColumns
    if (found === undefined) {
      const isNear = target.schema === definition.table.schema && name !== '' && !name.includes('.')
      return isNear && target.name !== '' ? stringSource(`${target.name}.${name}`) : undefined
    }
    const key = found.keys.get(name)
    if (key === undefined) return undefined
    if (found.place < own.place) return `() => ${needs.variable(found.variable)}.${key}`
    // By its name: a table that refers to itself, or in a circle to one below, would need its own type.
    return found.metadata === own.metadata ? stringSource(`${target.name}.${key}`) : undefined
  }

  /** The target of a reference of several columns, or of one that cannot stand at its column. */
  private target({ target, targetColumns }: ForeignKeyNode): Layout {
    const { own, needs, context } = this
    const found = context.relationOf(target.quotedPath)
    const keys = targetColumns.map((name) => found?.keys.get(name))
    if (found === undefined || keys.includes(undefined)) return this.targetElsewhere(target, targetColumns)
    const of = (variable: string) =>
      list(
        '[',
        keys.map((key) => `${variable}.${key}`),
        ']',
      )
    if (found === own) return ['() => ', of(this.scope.variable)]
    if (found.place < own.place) return ['() => ', of(needs.variable(found.variable))]
    return [`(): readonly ${needs.coreType('AnyExpression')}[] => `, of(needs.variable(found.variable))]
  }

  /** A target that nothing declares: by its name, and those of its columns. */
  private targetElsewhere({ name, schema }: ForeignKeyNode['target'], columns: readonly string[]): Layout {
    const { needs } = this
    const options = schema === undefined ? [] : ['undefined', valueSource({ schema })]
    const each = columns.map((column) => {
      const builders = object([['it', call(needs.core('text'), [stringSource(column)])]])
      return [call(needs.core('table'), [stringSource(name), builders, ...options]), '.it']
    })
    return ['() => ', list('[', each, ']')]
  }

  private referenceOptions(key: ForeignKeyNode): Layout | undefined {
    const { onDelete, onUpdate, details: { setColumns, ...details } = {} } = key
    const name = this.nameOf(key)
    if (!saysAnything({ onDelete, onUpdate, name, setColumns, ...details })) return undefined
    const entries = Object.entries({ onDelete, onUpdate, name, ...details })
      .filter(([, value]) => value !== undefined)
      .map(([one, value]) => [one, valueSource(value)] as const)
    const set = setColumns === undefined ? [] : [['setColumns', this.columns(setColumns)] as const]
    return object([...entries, ...set])
  }

  private columns(names: readonly string[]): Layout {
    return list('[', this.columnList(names), ']')
  }

  private columnList(names: readonly string[]): string[] {
    return names.map((name) => columnSource(this.scope, name))
  }

  private extras(): Layout[] {
    const { definition, needs, scope, context } = this
    const { columns, constraints, indexes, details } = definition
    const { expressions } = context
    const extras: Layout[] = []
    const own = details?.partitionOf === undefined ? columns : []
    for (const { name, type, generated, details: more = {} } of own) {
      if (generated !== undefined) {
        const kept = more.stored === false ? ['{ stored: false }'] : []
        const computed = expressions.typed(generated, type, needs, scope)
        extras.push(call(needs.core('generatedAs'), [columnSource(scope, name), computed, ...kept]))
      }
      if (more.notNull !== undefined) {
        const { name: given, ...rest } = more.notNull
        const extra = call(needs.core('notNull'), [columnSource(scope, name)])
        extras.push(this.finished(extra, given, rest))
      }
    }
    for (const constraint of constraints) {
      if (!this.inColumns.has(constraint)) extras.push(this.constraint(constraint))
    }
    for (const one of indexes) extras.push(this.index(one))
    if (details?.partitionBy !== undefined) {
      const { strategy, keys } = details.partitionBy
      const over = keys.map((key) => expressions.indexKey(key, needs, scope))
      extras.push(call(needs.core('partitionBy'), [stringSource(strategy), ...over]))
    }
    return extras
  }

  /** A constraint or an index with its name and with what else is said of it. */
  private finished(
    made: Layout,
    name: string | undefined,
    details: object | undefined,
    where?: Layout,
    isUnique = false,
  ): Layout {
    const { include, ...rest } = (details ?? {}) as { readonly include?: readonly string[] }
    const entries = [
      ...(include === undefined ? [] : [['include', this.columns(include)] as const]),
      ...Object.entries(rest)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, valueSource(value)] as const),
    ]
    return chain(made, [
      ...(isUnique ? ['.unique()'] : []),
      ...(where === undefined ? [] : [call('.where', [where])]),
      ...(name === undefined ? [] : [call('.named', [stringSource(name)])]),
      ...(entries.length === 0 ? [] : [call('.with', [object(entries)])]),
    ])
  }

  private constraint(constraint: ConstraintNode): Layout {
    const { needs, scope, context } = this
    const { expressions } = context
    const name = this.nameOf(constraint)
    switch (constraint.kind) {
      case 'primaryKey':
      case 'unique': {
        const { columns, details } = constraint as PrimaryKeyNode | UniqueNode
        return this.finished(call(needs.core(constraint.kind), this.columnList(columns)), name, details)
      }
      case 'foreignKey': {
        const key = constraint as ForeignKeyNode
        const options = this.referenceOptions(key)
        return call(needs.core('foreignKey'), [
          this.columns(key.columns),
          this.target(key),
          ...(options === undefined ? [] : [options]),
        ])
      }
      case 'check': {
        const { predicate, details } = constraint as CheckNode
        const made = call(needs.core('check'), [expressions.predicate(predicate, needs, scope)])
        return this.finished(made, name, details)
      }
      default: {
        const { using, keys, operators, where, details } = constraint as ExcludeNode
        const pairs = keys.map((key, i) =>
          list('[', [expressions.indexKey(key, needs, scope), stringSource(operators[i] as string)], ']'),
        )
        const condition = where === undefined ? undefined : expressions.predicate(where, needs, scope)
        const made = call(needs.core('exclude'), [stringSource(using), ...pairs])
        return this.finished(made, name, details, condition)
      }
    }
  }

  private index(index: IndexNode): Layout {
    const { needs, scope, context } = this
    const { expressions } = context
    const { keys, unique, where, details } = index
    const over = keys.map((key) => expressions.indexKey(key, needs, scope))
    const made = call(needs.core('index'), over)
    const condition = where === undefined ? undefined : expressions.predicate(where, needs, scope)
    return this.finished(made, this.nameOf(index), withPlainStorage(details), condition, unique)
  }

  private bounds({ form, from, to, hash, parent }: PartitionOfNode): Layout {
    const { needs, context } = this
    if (form === 'default') return "'default'"
    if (form === 'hash') {
      const [modulus, remainder] = hash as readonly [number, number]
      return valueSource({ modulus, remainder })
    }
    const types = this.partitionTypes(parent.quotedPath)
    const values = (nodes: typeof from) =>
      list(
        '[',
        nodes.map((node, i) => {
          const type = types[form === 'list' ? 0 : i]
          return type === undefined
            ? context.expressions.raw(node, needs)
            : context.expressions.value(node, type, needs)
        }),
        ']',
      )
    if (form === 'list') return object([['in', values(from)]])
    return object([
      ...(from.length === 0 ? [] : [['from', values(from)] as const]),
      ...(to.length === 0 ? [] : [['to', values(to)] as const]),
    ])
  }

  /** The types of what the table above is partitioned by, where these are columns. */
  private partitionTypes(quotedPath: string): readonly (SqlType | undefined)[] {
    const above = this.context.partitionedOf(quotedPath)
    return (above?.details?.partitionBy?.keys ?? []).map((key) =>
      key.kind === 'column' ? (key as ColumnNode).type : undefined,
    )
  }

  private options(): Layout | undefined {
    const { definition, needs } = this
    const { strict, details, dependsOn = [] } = definition
    const needed = dependsOn.flatMap((one) => {
      const variable = this.context.variableOf(keyOf(one as AnyObject))
      return variable === undefined ? [] : [needs.variable(variable)]
    })
    const { temporary, comment, info, withoutRowid, autoincrement, ...postgres } = details?.options ?? {}
    const inherits = (details?.inherits ?? []).map(({ quotedPath }) =>
      needs.variable(this.relation(quotedPath).variable),
    )
    const sqlite = { strict, withoutRowid, autoincrement }
    const ofPostgres = [
      ...entriesOf(withPlainStorage(postgres) ?? {}),
      ...(inherits.length === 0 ? [] : [['inherits', list('[', inherits, ']')] as const]),
    ]
    const entries = [
      ...entriesOf({ temporary, comment, info }),
      ...(saysAnything(sqlite) ? [['sqlite', valueSource(sqlite)] as const] : []),
      ...(ofPostgres.length === 0 ? [] : [['postgres', object(ofPostgres)] as const]),
      ...(needed.length === 0 ? [] : [['dependsOn', list('[', needed, ']')] as const]),
    ]
    return entries.length === 0 ? undefined : object(entries)
  }
}

/** Details in which storage parameters, of an index behind `postgres`, are as a person writes them. */
function withPlainStorage<
  D extends { readonly with?: object | undefined; readonly postgres?: object | undefined },
>(details: D | undefined): object | undefined {
  if (details === undefined) return undefined
  const { with: parameters, postgres } = details
  return {
    ...details,
    ...(parameters !== undefined && { with: storageParameters(parameters as never) }),
    ...(postgres !== undefined && { postgres: withPlainStorage(postgres) }),
  }
}

function entriesOf(data: object): (readonly [string, Layout])[] {
  return Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, valueSource(value)] as const)
}

/** The names of the columns that an expression reads, each once, as the convention of names takes them. */
function columnsIn(expression: Node): string[] {
  const names = new Set<string>()
  walk(expression, (node) => {
    if (node.kind === 'column') names.add((node as ColumnNode).name)
  })
  return [...names]
}

/** What is said of an identity, as the argument of `identity`. */
function identityOptions(identity: 'always' | 'by default', sequence: SequenceOptions | undefined): Layout[] {
  const options = {
    ...(identity === 'always' && { generated: 'always' }),
    ...plainNumbers(sequence ?? {}),
  }
  return saysAnything(options) ? [valueSource(options)] : []
}
