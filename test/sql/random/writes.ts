import {
  type DeleteNode,
  deleteFrom,
  type ExpressionNode,
  type InsertNode,
  insert,
  type SelectNode,
  select,
  type UpdateNode,
  update,
  updateMany,
} from '@espalier/core'
import { columnOf, columnsAtHand, type Known, type Scope } from './expressions.js'
import { Queries, type RowModel } from './queries.js'
import { type first, type Row, type SourceModel, type second, someRows, someValue, TABLES } from './tables.js'

/** A random statement that writes, and the table that it writes to. */
export interface WriteModel {
  readonly node: InsertNode | UpdateNode | DeleteNode
  readonly target: SourceModel
  /** Whether it gives rows, and what their types say of NULL. */
  readonly returns: RowModel | undefined
}

type Written = { returning(selection: unknown): InsertNode }
type Target = typeof first & typeof second

/** Makes random statements that write. */
export class Writes extends Queries {
  write(): WriteModel {
    const { choices } = this
    const target = choices.pick(TABLES.slice(0, 2))
    const made = choices.pick([
      () => this.inserted(target),
      () => this.insertedFromSelect(target),
      () => this.updated(target),
      () => this.updatedFrom(target),
      () => this.updatedMany(target),
      () => this.deleted(target),
      () => this.deletedUsing(target),
    ])()
    if (choices.once(3)) return { node: made as InsertNode, target, returns: undefined }
    // A query in `returning` sees the table before the write on PostgreSQL, and after it on SQLite.
    const scope: Scope = { own: [target], outer: [] }
    const returns = {
      id: columnsAtHand([target], 'integer')[0] as Known,
      is: this.expression('text', scope, 1),
      big: this.expression('integer', scope, 1),
    }
    const selection = Object.fromEntries(Object.entries(returns).map(([key, { node }]) => [key, node]))
    return {
      node: (made as Written).returning(selection),
      target,
      returns: { fields: returns, absent: false },
    }
  }

  private rowsFor(target: SourceModel): Row[] {
    const { choices } = this
    const shift = choices.below(7)
    const rows = someRows(choices, target, 1)
    const left = choices.once(2) ? ['name', 'n'].filter((key) => target.columns[key]?.nullable) : []
    return rows.map((row) => {
      const entries = Object.entries(row).filter(([key]) => !left.includes(key))
      return { ...Object.fromEntries(entries), id: (row.id as number) + shift }
    })
  }

  private inserted(target: SourceModel): unknown {
    return this.settled(target, insert(target.facade as Target).values(this.rowsFor(target) as never), true)
  }

  private insertedFromSelect(target: SourceModel): unknown {
    const { choices } = this
    const source = this.renamedTable(target)
    const columns = Object.entries(target.columns).map(
      ([key, { kind, nullable }]): [string, ExpressionNode] => {
        const own = columnOf(source, key)
        if (key === 'id') return [key, own.add(choices.pick([100, 2]))]
        const scope: Scope = { own: [source], outer: [] }
        return [key, nullable && choices.once(2) ? this.expression(kind, scope, 1).node : own]
      },
    )
    const query = select(Object.fromEntries(columns) as never) as unknown as SelectNode
    const isFiltered = choices.once(2)
    const from = query.from(source.facade)
    const filtered = isFiltered
      ? from.where(this.expression('boolean', { own: [source], outer: [] }, 2).node)
      : from
    return this.settled(target, insert(target.facade as Target).fromSelect(filtered as never), false)
  }

  /** What happens on a conflict: an error, nothing, or a change. */
  private settled(target: SourceModel, made: unknown, mayUpdate: boolean): unknown {
    const { choices } = this
    const conflict = () =>
      (made as { onConflict(...by: unknown[]): Record<string, (set?: unknown) => unknown> }).onConflict(
        columnOf(target, 'id'),
      )
    const kinds = [
      () => made,
      () => conflict().doNothing?.(),
      () => conflict().doUpdate?.(this.change(target)),
    ]
    return choices.pick(mayUpdate ? kinds : kinds.slice(1, 3))()
  }

  private change(target: SourceModel): unknown {
    return (t: object, excluded: object) => {
      const own: SourceModel = { ...target, facade: t }
      const given: SourceModel = { ...target, name: 'excluded', facade: excluded }
      return this.assignments(target, { own: [own, given], outer: [] }, 1)
    }
  }

  private assignments(target: SourceModel, scope: Scope, depth: number): Record<string, unknown> {
    const { choices } = this
    const free = Object.entries(target.columns).filter(([key, { nullable }]) => nullable && key !== 'id')
    const [start, ...more] = free
    const chosen = [start as (typeof free)[number], ...more.filter(() => choices.once(2))]
    return Object.fromEntries(
      chosen.map(([key, { kind }]) => [
        key,
        choices.once(3) ? someValue(choices, kind) : this.expression(kind, scope, depth).node,
      ]),
    )
  }

  private updated(target: SourceModel): unknown {
    const scope: Scope = { own: [target], outer: [] }
    const set = this.assignments(target, scope, 1)
    const made = update(target.facade as Target).set(set as never)
    return made.where(this.condition(scope) as never)
  }

  /** A row of the target meets one row of the other table at most, or which of them counts would be left open. */
  private updatedFrom(target: SourceModel): unknown {
    const other = this.renamedTable(TABLES[0] as SourceModel)
    const scope: Scope = { own: [target, other], outer: [] }
    const set = this.assignments(target, scope, 1)
    const by = this.choices.pick(columnsAtHand([target], 'integer')).node
    return update(target.facade as Target)
      .set(set as never)
      .from(other.facade as Target)
      .where(columnOf(other, 'id').eq(by) as never, this.expression('boolean', scope, 2).node as never)
  }

  private updatedMany(target: SourceModel): unknown {
    const rows = this.rowsFor(target).map(({ id, name, n }) => ({
      id,
      ...(name === undefined ? { big: 7n } : { name }),
      ...(n !== undefined && { n }),
    }))
    return updateMany(target.facade as Target, rows as never, { key: 'id' as never })
  }

  private deleted(target: SourceModel): unknown {
    return deleteFrom(target.facade as Target).where(this.condition({ own: [target], outer: [] }) as never)
  }

  private deletedUsing(target: SourceModel): unknown {
    const other = this.renamedTable(this.choices.pick(TABLES))
    const scope: Scope = { own: [target, other], outer: [] }
    return deleteFrom(target.facade as Target)
      .using(other.facade as Target)
      .where(this.condition(scope) as never)
  }

  /** Which rows are meant; a write that would reach them all by a condition that is always true is refused. */
  private condition(scope: Scope): ExpressionNode {
    const { node } = this.expression('boolean', scope, 3)
    return node.kind === 'constant' ? columnOf(scope.own[0] as SourceModel, 'id').gt(1) : node
  }

  private renamedTable(source: SourceModel): SourceModel {
    return { ...source, name: 'o', facade: (source.facade as { as(name: string): object }).as('o') }
  }
}
