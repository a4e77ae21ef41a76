import {
  avg,
  boolAnd,
  count,
  cte,
  denseRank,
  type ExpressionNode,
  firstValue,
  generateSeries,
  lag,
  lastValue,
  lead,
  literal,
  max,
  min,
  nthValue,
  ntile,
  type QueryNode,
  rank,
  recursiveCte,
  rowNumber,
  type SelectNode,
  select,
  sum,
  values,
} from '@espalier/core'
import { columnOf, columnsAtHand, Expressions, type Known, type Scope } from './expressions.js'
import {
  type ColumnModels,
  KINDS,
  type Kind,
  type SourceModel,
  someLiteral,
  someRows,
  someValue,
  TABLES,
  TYPES,
} from './tables.js'

/** What a value of a row may be: nested as the selection is. */
export type RowModel =
  | { readonly nullable: boolean }
  | { readonly fields: Readonly<Record<string, RowModel>>; readonly absent: boolean }

/** A random query. */
export interface QueryModel {
  readonly node: QueryNode
  /** Its columns, if no row is nested. */
  readonly columns: ColumnModels
  readonly row: RowModel
  readonly isOrdered: boolean
}

interface From {
  readonly sources: SourceModel[]
  /** Those that may be without a row. */
  readonly nulled: Set<string>
  readonly apply: (query: SelectNode) => SelectNode
}

interface Output extends Known {
  readonly kind: Kind
}

/** Keys of outputs, some of which are also names of columns. */
const KEYS = ['a', 'n', 'name', 'id', 'b', 'big'] as const

const isNull = ({ nullable, nulledBy }: Known, nulled: ReadonlySet<string>) =>
  nullable || nulledBy.some((name) => nulled.has(name))

/** Makes random statements that read. */
export class Queries extends Expressions {
  private names = 0
  private readonly ctes: SourceModel[] = []

  private name(prefix: string): string {
    this.names++
    return `${prefix}${this.names}`
  }

  /** A whole statement: any query, or a select whose rows are nested. */
  statement(): QueryModel {
    return this.choices.once(4) ? this.nested() : this.query(3)
  }

  /** A query with columns of given kinds, or of any. */
  query(depth: number, kinds?: readonly Kind[], outer: readonly SourceModel[] = []): QueryModel {
    const { choices } = this
    const shape = kinds ?? choices.many(1, 3, () => choices.pick(KINDS))
    if (depth > 1 && choices.once(5)) return this.compound(depth, shape, outer)
    return this.select(depth, shape, outer)
  }

  protected override scalarQuery(kind: Kind, { own, outer }: Scope, depth: number): ExpressionNode {
    const around = [...own, ...outer]
    const { choices } = this
    if (kind !== 'boolean' && choices.once(2)) {
      const from = this.from(0, [])
      const inner: Scope = { own: from.sources, outer: [] }
      const value = this.expression(kind, inner, 0)
      const node = from.apply(
        select((choices.once(2) ? min : max)(value.node as never)) as unknown as SelectNode,
      )
      return this.filtered(node, { own: from.sources, outer: around }, depth).scalar()
    }
    const { node } = this.ordered(this.select(depth, [kind], around, true))
    return node.limit(1).scalar()
  }
  protected override columnQuery(kind: Kind, { own, outer }: Scope, depth: number): ExpressionNode {
    return this.query(depth, [kind], [...own, ...outer]).node as unknown as ExpressionNode
  }
  protected override anyQuery({ own, outer }: Scope, depth: number): ExpressionNode {
    return this.query(depth, undefined, [...own, ...outer]).node as unknown as ExpressionNode
  }

  // ── FROM ──────────────────────────────────────────────────────────────────────────────────────────────────────

  private source(depth: number): SourceModel {
    const { choices } = this
    const table = () => this.renamed(choices.pick(TABLES), 't')
    if (depth <= 0) return table()
    return choices.pick([
      table,
      table,
      table,
      () => this.derived(depth - 1),
      () => this.cte(depth - 1),
      () => this.values(),
      () => this.recursive(),
    ])()
  }

  private renamed(source: SourceModel, prefix: string): SourceModel {
    const name = this.name(prefix)
    return { ...source, name, facade: (source.facade as { as(name: string): object }).as(name) }
  }

  private derived(depth: number): SourceModel {
    const { node, columns } = this.query(depth)
    const name = this.name('d')
    return { facade: node.as(name), name, columns, isTable: false }
  }

  /** A CTE, which may be one that the statement has already. */
  private cte(depth: number): SourceModel {
    const { choices, ctes } = this
    if (ctes.length > 0 && choices.once(2)) return this.renamed(choices.pick(ctes), 'again')
    const { node, columns } = this.query(depth)
    const name = this.name('c')
    const options = choices.pick([{}, { materialized: true }, { materialized: false }])
    const made = { facade: cte(name, node as never, options), name, columns, isTable: false }
    ctes.push(made)
    return made
  }

  private values(): SourceModel {
    const { choices } = this
    const name = this.name('v')
    const columns: ColumnModels = {
      id: { kind: 'integer', nullable: false },
      x: { kind: choices.pick(KINDS), nullable: true },
    }
    const types = Object.fromEntries(
      Object.entries(columns).map(([key, { kind, nullable }]) => [
        key,
        nullable ? TYPES[kind]() : TYPES[kind]().notNull(),
      ]),
    )
    const source = { facade: {}, name, columns, isTable: false }
    return { ...source, facade: values(name, types as never, someRows(choices, source) as never) }
  }

  /** A count from one of a few rows on, or a walk from row to row. */
  private recursive(): SourceModel {
    const { choices } = this
    const name = this.name('r')
    const start = this.renamed(choices.pick(TABLES.slice(0, 2)), 't')
    const distinct = choices.once(2)
    const columns: ColumnModels = {
      id: { kind: 'integer', nullable: false },
      depth: { kind: 'integer', nullable: false },
    }
    const base = (
      select({
        id: columnOf(start, 'id'),
        depth: literal(1, TYPES.integer()),
      } as never) as unknown as SelectNode
    ).from(start.facade)
    const isWalk = choices.once(2)
    const facade = recursiveCte(
      name,
      this.filtered(base, { own: [start], outer: [] }, 1) as never,
      (self: unknown) => {
        const own = { facade: self as object, name, columns, isTable: false }
        const next = this.renamed(TABLES[1] as SourceModel, 't')
        const step = { id: columnOf(isWalk ? next : own, 'id'), depth: columnOf(own, 'depth').add(1) }
        const made = (select(step as never) as unknown as SelectNode).from(self)
        const on = columnOf(next, 'firstId').eq(columnOf(own, 'id'))
        return (isWalk ? made.join(next.facade, on) : made).where(columnOf(own, 'depth').lt(3)) as never
      },
      { distinct },
    )
    return { facade, name, columns, isTable: false }
  }

  private from(depth: number, outer: readonly SourceModel[]): From {
    const { choices } = this
    const sources = [this.source(depth)]
    const nulled = new Set<string>()
    const steps: ((query: SelectNode) => SelectNode)[] = [(query) => query.from(sources[0]?.facade)]
    const more = depth > 0 ? choices.below(3) : choices.below(2)
    for (let i = 0; i < more; i++) {
      if (choices.once(6)) {
        steps.push(this.series(sources, nulled))
        continue
      }
      const next = this.source(depth)
      const kind = choices.pick(['join', 'leftJoin', 'rightJoin', 'fullJoin', 'crossJoin'] as const)
      if (kind === 'crossJoin') {
        sources.push(next)
        steps.push((query) => query.crossJoin(next.facade))
        continue
      }
      const equal = this.equality(sources, next, kind === 'fullJoin')
      // PostgreSQL has a full join by equal columns alone.
      const method = kind === 'fullJoin' && equal === undefined ? 'leftJoin' : kind
      if (method === 'rightJoin' || method === 'fullJoin') for (const { name } of sources) nulled.add(name)
      if (method === 'leftJoin' || method === 'fullJoin') nulled.add(next.name)
      sources.push(next)
      const free = method !== 'fullJoin' && (equal === undefined || choices.once(3))
      const on = free ? this.expression('boolean', { own: sources.slice(), outer }, 1).node : equal
      steps.push((query) => query[method](next.facade, on))
    }
    return { sources, nulled, apply: (query) => steps.reduce((made, step) => step(made), query) }
  }

  /** A series whose end is a column of a source before it. */
  private series(sources: SourceModel[], nulled: Set<string>): (query: SelectNode) => SelectNode {
    const { choices } = this
    const name = this.name('s')
    const ends = columnsAtHand(
      sources.filter((source) => !nulled.has(source.name)),
      'integer',
    )
    const end = ends.length > 0 && choices.once(2) ? choices.pick(ends).node : 3
    const facade = generateSeries(name, 1, end as never)
    const columns: ColumnModels = { value: { kind: 'integer', nullable: false } }
    const isLeft = choices.once(2)
    if (isLeft) nulled.add(name)
    sources.push({ facade, name, columns, isTable: false })
    return (query) => (isLeft ? query.leftJoin(facade) : query.join(facade))
  }

  private equality(
    sources: readonly SourceModel[],
    next: SourceModel,
    ofTables: boolean,
  ): ExpressionNode | undefined {
    const fits = (source: SourceModel) => !ofTables || source.isTable
    if (!fits(next)) return undefined
    const kinds = (['integer', 'text', 'bigint', 'date'] as const).filter(
      (kind) =>
        columnsAtHand([next], kind).length > 0 && columnsAtHand(sources.filter(fits), kind).length > 0,
    )
    if (kinds.length === 0) return undefined
    const kind = this.choices.pick(kinds)
    const left = this.choices.pick(columnsAtHand(sources.filter(fits), kind))
    return left.node.eq(this.choices.pick(columnsAtHand([next], kind)).node)
  }

  private filtered(node: SelectNode, scope: Scope, depth: number): SelectNode {
    return this.choices.once(2) ? node.where(this.expression('boolean', scope, depth).node) : node
  }

  // ── Select ────────────────────────────────────────────────────────────────────────────────────────────────────

  private keys(kinds: readonly Kind[]): string[] {
    const shift = this.choices.below(3)
    return kinds.map((_, i) => KEYS[(i + shift) % KEYS.length] as string)
  }

  private select(
    depth: number,
    kinds: readonly Kind[],
    outer: readonly SourceModel[],
    plain = false,
    keys: readonly string[] = this.keys(kinds),
  ): QueryModel {
    const { choices } = this
    const from = this.from(depth, outer)
    const scope: Scope = { own: from.sources, outer }
    const isGrouped = choices.once(4)
    const outputs = isGrouped ? [] : kinds.map((kind) => this.output(kind, from, scope, depth))
    if (isGrouped) return this.grouped(depth, kinds, keys, from, outer, plain)
    let node = from.apply(select(this.selection(keys, outputs) as never) as unknown as SelectNode)
    node = this.filtered(node, scope, depth)
    const columns = this.columnsOf(keys, outputs, from.nulled)
    const isDistinct = choices.once(4)
    const query = isDistinct ? node.distinct() : node
    const keysBefore =
      isDistinct || plain ? [] : choices.many(0, 1, () => this.expression(choices.pick(KINDS), scope, 1).node)
    return this.withTail(query, columns, plain ? 0 : depth, keysBefore)
  }

  private output(kind: Kind, { sources }: From, scope: Scope, depth: number): Output {
    const { choices } = this
    if (choices.once(5)) {
      const windowed = this.windowed(kind, sources)
      if (windowed !== undefined) return { kind, ...windowed }
    }
    return { kind, ...this.expression(kind, scope, depth) }
  }

  private selection(keys: readonly string[], outputs: readonly Known[]): Record<string, ExpressionNode> {
    return Object.fromEntries(keys.map((key, i) => [key, (outputs[i] as Known).node]))
  }
  private columnsOf(
    keys: readonly string[],
    outputs: readonly Output[],
    nulled: ReadonlySet<string>,
  ): ColumnModels {
    return Object.fromEntries(
      keys.map((key, i) => {
        const output = outputs[i] as Output
        return [key, { kind: output.kind, nullable: isNull(output, nulled) }]
      }),
    )
  }

  private grouped(
    depth: number,
    kinds: readonly Kind[],
    keys: readonly string[],
    from: From,
    outer: readonly SourceModel[],
    plain: boolean,
  ): QueryModel {
    const { choices } = this
    const scope: Scope = { own: from.sources, outer }
    const local: Scope = { own: from.sources, outer: [] }
    const isKey = kinds.map(() => choices.once(2))
    const outputs = kinds.map((kind, i): Output => {
      if (isKey[i]) return { kind, ...this.expression(kind, local, 1) }
      return { kind, ...this.aggregate(kind, local) }
    })
    let node = this.filtered(
      from.apply(select(this.selection(keys, outputs) as never) as unknown as SelectNode),
      scope,
      depth,
    ) as QueryNode
    if (isKey.includes(true)) {
      node = (node as SelectNode).groupBy((row: Readonly<Record<string, unknown>>) =>
        keys.filter((_, i) => isKey[i]).map((key) => row[key]),
      )
    }
    if (choices.once(3)) {
      const kind = choices.pick(['integer', 'bigint', 'text'] as const)
      const total = this.aggregate(kind, local).node
      const operator = choices.pick(['gt', 'lte', 'ne'] as const)
      node = (node as SelectNode).having(total[operator](someValue(choices, kind)))
    }
    return this.withTail(node, this.columnsOf(keys, outputs, from.nulled), plain ? 0 : depth, [])
  }

  private aggregate(kind: Kind, scope: Scope): Known {
    const { choices } = this
    const of = (which: Kind) => this.expression(which, scope, 1).node as never
    const filtered = (node: unknown) =>
      (choices.once(4)
        ? (node as { filter(p: unknown): unknown }).filter(of('boolean'))
        : node) as ExpressionNode
    const always = (node: ExpressionNode): Known => ({ node, nullable: false, nulledBy: [] })
    const maybe = (node: ExpressionNode): Known => ({ node, nullable: true, nulledBy: [] })
    const counted = [
      () => always(filtered(count())),
      () => always(filtered(count(of(choices.pick(KINDS))))),
      () => always((count(of(choices.pick(KINDS))) as unknown as { distinct(): ExpressionNode }).distinct()),
      () => maybe(filtered(sum(of('integer')))),
      () => maybe(filtered(sum(of('integer'))).add(1)),
    ]
    switch (kind) {
      case 'integer':
        return choices.pick(counted)()
      case 'bigint':
        return maybe(filtered(sum(of('bigint'))))
      case 'boolean':
        return choices.pick([
          () => maybe(filtered(boolAnd(of('boolean')))),
          () => maybe((avg(of('integer')) as unknown as ExpressionNode).gt(0.5)),
        ])()
      default:
        return maybe(filtered((choices.once(2) ? min : max)(of(kind))))
    }
  }

  /** A function over a window whose rows come in one order only, up to rows that are equal. */
  private windowed(kind: Kind, sources: readonly SourceModel[]): Known | undefined {
    const { choices } = this
    const local: Scope = { own: sources, outer: [] }
    const value = this.expression(kind, local, 1)
    const everything = KINDS.flatMap((of) => columnsAtHand(sources, of).map(({ node }) => node))
    const partitionBy = choices.many(0, 1, () => choices.pick(everything))
    const orderBy = [
      ...choices.many(0, 1, () => {
        const key = this.expression(choices.pick(KINDS), local, 1).node
        return choices.once(2) ? key.desc() : key
      }),
      ...everything,
    ]
    const order = { partitionBy, orderBy } as never
    const bounds = [
      'unbounded preceding',
      { preceding: 1 },
      'current row',
      { following: 1 },
      'unbounded following',
    ]
    const from = choices.below(4)
    const to = Math.max(from, choices.below(5), 1)
    const exclude = choices.pick([undefined, 'current row', 'group', 'ties'] as const)
    const frame = { from: bounds[from], to: bounds[to], ...(exclude && { exclude }) }
    const unit = choices.pick(['rows', 'groups'] as const)
    const framed = choices.once(2) ? ({ partitionBy, orderBy, [unit]: frame } as never) : order
    const over = (made: unknown, by: never, nullable: boolean): Known => ({
      node: (made as { over(by: never): ExpressionNode }).over(by),
      nullable,
      nulledBy: [],
    })
    const node = value.node as never
    const ofAny = [
      () => over(firstValue(node), framed, true),
      () => over(lastValue(node), framed, true),
      () => over(nthValue(node, 2), framed, true),
      () => over(lag(node), order, true),
      () => over(lead(node, 2), order, true),
      () => ({
        ...over(lag(node, 1, someLiteral(choices, kind) as never), order, false),
        nullable: value.nullable,
        nulledBy: value.nulledBy,
      }),
    ]
    if (kind === 'integer') {
      const counted = [
        () => over(rowNumber(), order, false),
        () => over(rank(), order, false),
        () => over(denseRank(), order, false),
        () => over(ntile(2), order, false),
        () => over(count(node), framed, false),
        () => over(sum(node), framed, true),
      ]
      return choices.pick([...counted, ...ofAny])()
    }
    if (kind === 'bigint') return choices.pick([() => over(sum(node), framed, true), ...ofAny])()
    return choices.pick(ofAny)()
  }

  // ── Order, limit, set operations ──────────────────────────────────────────────────────────────────────────────

  /** Perhaps an order by everything, and with it a limit. */
  private withTail(
    node: QueryNode,
    columns: ColumnModels,
    depth: number,
    before: readonly ExpressionNode[],
  ): QueryModel {
    const model = { node, columns, row: rowOf(columns), isOrdered: false }
    return depth > 0 && this.choices.once(3) ? this.limited(this.ordered(model, before)) : model
  }

  private ordered(model: QueryModel, before: readonly ExpressionNode[] = []): QueryModel {
    const { choices } = this
    const direct = (key: ExpressionNode) => {
      const made = choices.once(2) ? key.desc() : key.asc()
      return choices.pick([made, made, made.nullsFirst(), made.nullsLast()])
    }
    const first = before.map(direct)
    const start = first.length > 0 ? (model.node as SelectNode).orderBy(...first) : model.node
    const node = start.orderBy((row: Readonly<Record<string, ExpressionNode>>) =>
      Object.keys(model.columns).map((key) => direct(row[key] as ExpressionNode)),
    )
    return { ...model, node, isOrdered: true }
  }

  private limited(model: QueryModel): QueryModel {
    const { choices } = this
    let { node } = model
    if (choices.once(2)) node = node.limit(choices.below(4))
    if (choices.once(3)) node = node.offset(choices.below(3))
    return { ...model, node }
  }

  private compound(depth: number, kinds: readonly Kind[], outer: readonly SourceModel[]): QueryModel {
    const { choices } = this
    const keys = this.keys(kinds)
    const member = (): QueryModel =>
      depth > 2 && choices.once(3) ? this.setOperation(member0(), member0()) : member0()
    const member0 = () => this.select(depth - 1, kinds, outer, false, keys)
    const made = this.setOperation(member(), member())
    return this.choices.once(2) ? this.limited(this.ordered(made)) : made
  }

  private setOperation(left: QueryModel, right: QueryModel): QueryModel {
    const method = this.choices.pick(['union', 'unionAll', 'intersect', 'except'] as const)
    const columns: ColumnModels = Object.fromEntries(
      Object.entries(left.columns).map(([key, { kind, nullable }]) => [
        key,
        { kind, nullable: nullable || right.columns[key]?.nullable === true },
      ]),
    )
    return { node: left.node[method](right.node), columns, row: rowOf(columns), isOrdered: false }
  }

  // ── Rows with objects in them ─────────────────────────────────────────────────────────────────────────────────

  /** A select of whole sources, of objects, and of values beside each other. */
  private nested(): QueryModel {
    const { choices } = this
    const from = this.from(2, [])
    const scope: Scope = { own: from.sources, outer: [] }
    const fields: Record<string, RowModel> = {}
    const shape: Record<string, unknown> = {}
    for (const [i, source] of from.sources.entries()) {
      if (!choices.once(2)) continue
      shape[`whole${i}`] = source.facade
      const columns = Object.entries(source.columns).map(([key, { nullable }]) => [key, { nullable }])
      fields[`whole${i}`] = { fields: Object.fromEntries(columns), absent: isAbsent(source, from.nulled) }
    }
    const value = () => this.output(choices.pick(KINDS), from, scope, 2)
    const [one, two] = [value(), value()]
    shape.id = one.node
    fields.id = { nullable: isNull(one, from.nulled) }
    shape.inner = { name: two.node, more: { id: one.node } }
    fields.inner = {
      fields: {
        name: { nullable: isNull(two, from.nulled) },
        more: { fields: { id: { nullable: isNull(one, from.nulled) } }, absent: false },
      },
      absent: false,
    }
    const node = from.apply(select(shape as never) as unknown as SelectNode)
    return {
      node: this.filtered(node, scope, 2),
      columns: {},
      row: { fields, absent: false },
      isOrdered: false,
    }
  }
}

/** A row of a source is absent by an outer join, or where nothing tells one that is all NULL from none. */
function isAbsent({ name, columns }: SourceModel, nulled: ReadonlySet<string>): boolean {
  return nulled.has(name) && columns !== undefined
}

function rowOf(columns: ColumnModels): RowModel {
  const fields = Object.entries(columns).map(([key, { nullable }]) => [key, { nullable }])
  return { fields: Object.fromEntries(fields), absent: false }
}

/** Where a row is null though its type says that it never is; undefined if nowhere. */
export function nullAgainstType(value: unknown, model: RowModel, path = 'row'): string | undefined {
  if ('nullable' in model) return value === null && !model.nullable ? path : undefined
  if (value === null) return model.absent ? undefined : path
  for (const [key, field] of Object.entries(model.fields)) {
    const found = nullAgainstType((value as Record<string, unknown>)[key], field, `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}
