import { BuildError } from '../errors.js'
import type { Expression, Reads } from '../expression/expression.js'
import type { ExpressionNode } from '../expression/node.js'
import { toExpression } from '../expression/node.js'
import { type Column, ColumnNode, createSource, type SourceOf } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import { BIGINT, INTEGER, isNumberFamily } from '../types/sql-type.js'
import { FunctionSourceNode } from './table-function.js'

/** `generate_series(…)`. */
export class SeriesNode extends FunctionSourceNode {
  static readonly fields: Fields<SeriesNode> = { name: 'data', start: 'child', stop: 'child', step: 'child' }
  constructor(
    name: string,
    readonly start: ExpressionNode,
    readonly stop: ExpressionNode,
    readonly step: ExpressionNode,
  ) {
    super('series', name)
  }
  protected call(to: Writer, quotedName: string): void {
    const { start, stop, step } = this
    if (!to.dialect.lacks.lateral) {
      to.text('generate_series(')
      to.list([start, stop, step])
      to.text(`) as ${quotedName} ("value")`)
      return
    }
    // A recursive query within the argument sees the sources before it, which one in FROM would not.
    to.text('json_each((with recursive "r" ("n", "last", "step") as (select ')
    to.list([start, stop, step])
    to.text(
      ' union all select "n" + "step", "last", "step" from "r" where case when "step" > 0 ' +
        'then "n" <= "last" - "step" else "step" < 0 and "n" >= "last" - "step" end) select json_group_array("n") ' +
        'from "r" where case when "step" > 0 then "n" <= "last" else "step" < 0 and "n" >= "last" end)) as ',
    )
    to.text(quotedName)
  }
}

type Whole = 'integer' | 'bigint'
interface WholeValues {
  integer: number
  bigint: bigint
}
type Bound = number | bigint | Expression<number | bigint, Reads, string, Whole>
type BoundFamily<B> = B extends bigint
  ? 'bigint'
  : B extends { readonly '~family': infer F extends Whole }
    ? F
    : 'integer'
type SeriesFamily<B> = 'bigint' extends BoundFamily<B> ? 'bigint' : 'integer'
type BoundReads<B> = B extends { readonly '~sources': infer S extends Reads } ? S : never

/**
 * Whole numbers from one to another, both included, as a source with the column `value`. The bounds may be expressions
 * over the sources before it; a join with it then needs no condition. A negative step counts down.
 *
 * PostgreSQL: `generate_series($1::integer, $2::integer, $3::integer) as "n" ("value")`
 * · SQLite: a recursive query, which `json_each` turns into rows
 * @example
 * ```ts
 * const n = generateSeries('n', 1, 3)
 * await db.all(select(n.value).from(n).orderBy(n.value)) // [1, 2, 3]
 * ```
 */
export function generateSeries<
  const Name extends string,
  const A extends Bound,
  const B extends Bound,
  const C extends Bound = 1,
>(
  name: Name,
  start: A,
  stop: B,
  step?: C,
): SourceOf<
  Name,
  { readonly value: Column<WholeValues[SeriesFamily<A | B | C>], SeriesFamily<A | B | C>> },
  BoundReads<A | B | C>
> {
  const given = [start, stop, step ?? 1] as const
  if (step === 0 || step === 0n) {
    throw new BuildError('invalid_argument', `generateSeries('${name}', …): a step of 0 would never end.`)
  }
  const isBig = given.some((bound) =>
    typeof bound === 'object'
      ? (bound as unknown as ExpressionNode).type?.family === 'bigint'
      : typeof bound === 'bigint',
  )
  const type = isBig ? BIGINT : INTEGER
  const [from, last, by] = given.map((bound) => {
    const node = toExpression(
      'generateSeries',
      typeof bound === 'number' && isBig ? BigInt(bound) : bound,
      type,
    )
    if (isNumberFamily(node.type.family)) return node
    throw new BuildError(
      'invalid_argument',
      `generateSeries('${name}', …) takes whole numbers, not ${node.type.name}.`,
    )
  }) as [ExpressionNode, ExpressionNode, ExpressionNode]
  const node = new SeriesNode(name, from, last, by)
  const columns = { value: new ColumnNode(node, 'value', type, true) }
  return createSource({ node, columns }) as never
}
