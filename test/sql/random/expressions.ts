import {
  abs,
  and,
  caseWhen,
  cast,
  coalesce,
  type ExpressionNode,
  exists,
  greatest,
  isTrue,
  least,
  length,
  not,
  nullIf,
  or,
} from '@espalier/core'
import type { Choices } from './choices.js'
import { KINDS, type Kind, type SourceModel, someLiteral, someValue, TYPES } from './tables.js'

/** An expression and what its type says of NULL: always possible, or where one of these sources has no row. */
export interface Known {
  readonly node: ExpressionNode
  readonly nullable: boolean
  readonly nulledBy: readonly string[]
}

/** The sources whose columns may be used at a place, and those of the queries around it. */
export interface Scope {
  readonly own: readonly SourceModel[]
  readonly outer: readonly SourceModel[]
}

/** A function of the library by what it is at run time, whatever its generics ask for. */
const call = (work: unknown, ...args: readonly unknown[]): ExpressionNode =>
  (work as (...args: readonly unknown[]) => ExpressionNode)(...args)

const known = (node: ExpressionNode, ...parts: readonly Known[]): Known => ({
  node,
  nullable: parts.some((part) => part.nullable),
  nulledBy: parts.flatMap((part) => part.nulledBy),
})
const maybe = (node: ExpressionNode): Known => ({ node, nullable: true, nulledBy: [] })

export const columnOf = ({ facade }: SourceModel, key: string): ExpressionNode =>
  (facade as Readonly<Record<string, ExpressionNode>>)[key] as ExpressionNode

/** The columns of one kind that are at hand. */
export function columnsAtHand(sources: readonly SourceModel[], kind: Kind): Known[] {
  return sources.flatMap((source) =>
    Object.entries(source.columns)
      .filter(([, column]) => column.kind === kind)
      .map(([key, { nullable }]) => ({ node: columnOf(source, key), nullable, nulledBy: [source.name] })),
  )
}

const COMPARISONS = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'isDistinctFrom', 'isNotDistinctFrom'] as const
const PATTERNS = ['a%', '%', '_', '%a%', '\\%', 'A', '', '%é', '[a]*', 'a\\_?'] as const

/** Makes random expressions of a kind; `depth` is how deep they may still go. */
export abstract class Expressions {
  constructor(readonly choices: Choices) {}

  /** A query of one column and at most one row, as a value. */
  protected abstract scalarQuery(kind: Kind, scope: Scope, depth: number): ExpressionNode
  /** A query of one column. */
  protected abstract columnQuery(kind: Kind, scope: Scope, depth: number): ExpressionNode
  /** A query of any columns. */
  protected abstract anyQuery(scope: Scope, depth: number): ExpressionNode

  expression(kind: Kind, scope: Scope, depth: number): Known {
    const { choices } = this
    if (depth <= 0 || choices.below(3) === 0) return this.leaf(kind, scope)
    const next = (of: Kind = kind) => this.expression(of, scope, depth - 1)
    const general = [
      () => {
        const [a, b] = [next(), next()]
        return { ...b, node: call(coalesce, a.node, b.node) }
      },
      () => {
        const a = next()
        return known(call(coalesce, a.node, someValue(choices, kind)))
      },
      () => {
        const [p, a, b] = [next('boolean'), next(), next()]
        const cases = call(caseWhen, p.node, a.node) as unknown as { else(other: unknown): ExpressionNode }
        return known(cases.else(b.node), a, b)
      },
      () => {
        const [p, q, a] = [next('boolean'), next('boolean'), next()]
        const cases = caseWhen(p.node as never, a.node as never).when(
          q.node as never,
          someLiteral(choices, kind) as never,
        )
        return maybe(cases.end() as unknown as ExpressionNode)
      },
      () => {
        const a = next()
        return maybe(call(nullIf, a.node, someValue(choices, kind)))
      },
      () => (depth < 2 ? this.leaf(kind, scope) : maybe(this.scalarQuery(kind, scope, depth - 2))),
    ]
    return choices.pick([...this.ofKind(kind, scope, depth), ...general])()
  }

  private leaf(kind: Kind, scope: Scope): Known {
    const { choices } = this
    const own = columnsAtHand(scope.own, kind)
    const columns = scope.outer.length > 0 && choices.once(3) ? columnsAtHand(scope.outer, kind) : own
    return columns.length === 0 || choices.once(4) ? known(someLiteral(choices, kind)) : choices.pick(columns)
  }

  /** A column, or now and then another expression, for the first operand of a method. */
  private ofKind(kind: Kind, scope: Scope, depth: number): (() => Known)[] {
    const { choices } = this
    const next = (of: Kind = kind) => this.expression(of, scope, depth - 1)
    switch (kind) {
      case 'integer':
        return [
          () => {
            const [a, b] = [next(), next()]
            return known(a.node[choices.pick(['add', 'sub'] as const)](b.node), a, b)
          },
          () => {
            const a = next()
            return known(a.node[choices.pick(['add', 'sub', 'mul'] as const)](choices.pick([2, -3, 1])), a)
          },
          () => {
            const a = next()
            return known(a.node[choices.pick(['div', 'mod'] as const)](choices.pick([2, -3, 7])), a)
          },
          () => {
            const a = next()
            return known(a.node.neg(), a)
          },
          () => {
            const a = next()
            return known(call(abs, a.node), a)
          },
          () => {
            const a = next('text')
            return known(call(length, a.node), a)
          },
          () => {
            const [a, b] = [next(), next()]
            return {
              node: call(choices.pick([greatest, least]), a.node, b.node),
              nullable: true,
              nulledBy: [],
            }
          },
        ]
      case 'text':
        return [
          () => {
            const [a, b] = [next(), next()]
            return known(a.node.concat(b.node), a, b)
          },
          () => {
            const a = next()
            return known(a.node.concat(someValue(choices, 'text')), a)
          },
          () => {
            const a = next('integer')
            return known(call(cast, a.node, TYPES.text()), a)
          },
        ]
      case 'bigint':
        return [
          () => {
            const [a, b] = [next(), next()]
            return known(a.node[choices.pick(['add', 'sub'] as const)](b.node), a, b)
          },
          () => {
            const [a, b] = [next(), next('integer')]
            return known(a.node.add(b.node), a, b)
          },
          () => {
            const a = next()
            return known(a.node[choices.pick(['div', 'mod'] as const)](choices.pick([2n, -3n])), a)
          },
          () => {
            const a = next('integer')
            return known(call(cast, a.node, TYPES.bigint()), a)
          },
        ]
      case 'date':
        return []
      case 'boolean':
        return [...this.predicates(scope, depth)]
    }
  }

  private predicates(scope: Scope, depth: number): (() => Known)[] {
    const { choices } = this
    const next = (of: Kind) => this.expression(of, scope, depth - 1)
    const compared = (): Known => {
      const kind = choices.pick(KINDS)
      const operator = choices.pick(COMPARISONS)
      const a = next(kind)
      const total = operator === 'isDistinctFrom' || operator === 'isNotDistinctFrom'
      if (choices.once(2)) {
        const node = a.node[operator](someValue(choices, kind))
        return total ? known(node) : known(node, a)
      }
      const b = next(kind)
      const node = a.node[operator](b.node)
      return total ? known(node) : known(node, a, b)
    }
    const joined = (work: unknown) => (): Known => {
      const parts = choices.many(1, 3, () => next('boolean'))
      return known(call(work, ...parts.map(({ node }) => node)), ...parts)
    }
    return [
      compared,
      compared,
      joined(and),
      joined(or),
      () => {
        const p = next('boolean')
        return known(call(not, p.node), p)
      },
      () => {
        const a = next(choices.pick(KINDS))
        return known(choices.once(2) ? a.node.isNull() : a.node.isNotNull())
      },
      () => {
        const kind = choices.pick(['integer', 'bigint', 'date'] as const)
        const [a, b] = [next(kind), next(kind)]
        const node = a.node.between(b.node, someValue(choices, kind))
        return known(choices.once(2) ? node.not() : node, a, b)
      },
      () => {
        const kind = choices.pick(KINDS)
        const a = next(kind)
        const list = choices.many(0, 3, () => someValue(choices, kind))
        if (choices.once(2)) {
          const b = next(kind)
          return known(a.node[choices.pick(['in', 'notIn'] as const)]([...list, b.node]), a, b)
        }
        return known(a.node[choices.pick(['in', 'notIn'] as const)](list), a)
      },
      () => {
        const kind = choices.pick(KINDS)
        const a = next(kind)
        const node = a.node[choices.pick(['in', 'notIn'] as const)](this.columnQuery(kind, scope, depth - 2))
        return maybe(node)
      },
      () => {
        const node = call(exists, this.anyQuery(scope, depth - 2))
        return known(choices.once(2) ? call(not, node) : node)
      },
      () => {
        const a = next('text')
        const node = a.node[choices.pick(['like', 'startsWith', 'endsWith', 'contains'] as const)](
          choices.pick(PATTERNS),
        )
        return known(choices.once(2) ? node.not() : node, a)
      },
      () => known(call(isTrue, next('boolean').node)),
      () => {
        const a = next('text')
        return known(a.node.ilike(choices.pick(['a%', 'A', '%B%'])), a)
      },
    ]
  }
}
