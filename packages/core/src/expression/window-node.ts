import { BuildError } from '../errors.js'
import type { Fields } from '../tree/node.js'
import { DOUBLE, type SqlType, TEXT, withoutLimits } from '../types/sql-type.js'
import { type FrameBound, type FrameClause, type FrameParts, frameOf } from './frame.js'
import { type Span, spanText } from './interval.js'
import { ExpressionNode, type OrderingNode, requireEquality } from './node.js'
import { misplacedWindow } from './place.js'
import { Position, type Writer } from './writer.js'

/** What `over(…)` takes. */
export interface WindowParts extends FrameParts {
  readonly partitionBy?: ExpressionNode | readonly ExpressionNode[]
  readonly orderBy?: ExpressionNode | OrderingNode | readonly (ExpressionNode | OrderingNode)[]
}

/** What can be computed over a window: an aggregate or a function for windows. */
export interface WindowedNode extends ExpressionNode {
  readonly name: string
}

/** A function computed over a window of rows. */
export class WindowNode extends ExpressionNode {
  static readonly fields: Fields<WindowNode> = {
    call: 'child',
    partitionBy: 'children',
    orderBy: 'children',
    frame: 'data',
    type: 'data',
  }
  constructor(
    readonly call: WindowedNode,
    readonly partitionBy: readonly ExpressionNode[],
    readonly orderBy: readonly (ExpressionNode | OrderingNode)[],
    readonly frame: FrameClause | undefined,
    readonly type: SqlType,
  ) {
    super('window')
  }
  override write(to: Writer): void {
    const { place } = to
    const isCast = isCastSum(this.call, to)
    if (place !== 'select' && place !== 'raw') throw misplacedWindow(this.call.name, place)
    if (to.scope !== undefined) to.scope.computed ??= 'a window'
    if (isCast) to.text('cast(')
    to.place = isAggregate(this.call) ? 'call' : 'window'
    to.visit(this.call)
    to.place = 'window'
    to.text(' over (')
    let space = ''
    if (this.partitionBy.length > 0) {
      to.text('partition by ')
      to.list(this.partitionBy)
      space = ' '
    }
    if (this.orderBy.length > 0) {
      to.text(space)
      to.text('order by ')
      to.orderings(this.orderBy)
      space = ' '
    }
    if (this.frame !== undefined) {
      to.text(space)
      this.writeFrame(to, this.frame)
    }
    to.text(isCast ? ') as bigint)' : ')')
    to.place = place
  }
  private writeFrame(to: Writer, { unit, from, to: last, exclude }: FrameClause): void {
    to.text(`${unit} between `)
    this.writeBound(to, unit, from)
    to.text(' and ')
    this.writeBound(to, unit, last)
    if (exclude !== undefined) to.text(` exclude ${exclude}`)
  }
  private writeBound(to: Writer, unit: string, bound: FrameBound<number | Span>): void {
    if (typeof bound === 'string') {
      to.text(bound)
      return
    }
    const isBefore = 'preceding' in bound
    const size = isBefore ? bound.preceding : bound.following
    if (typeof size === 'object') {
      if (to.dialect.lacks.intervals) {
        throw to.unsupported(
          'frame of an interval',
          'Order by a number, such as extract(…), or filter by a subquery.',
        )
      }
      to.value(spanText(size), TEXT, Position.comparison)
      to.text('::interval')
    } else if (unit !== 'range') to.text(String(size))
    else this.writeDistance(to, size)
    to.text(isBefore ? ' preceding' : ' following')
  }
  /** A distance is of the type of what is ordered by. */
  private writeDistance(to: Writer, size: number): void {
    const [ordered] = this.orderBy
    const { type } = (ordered as Partial<OrderingNode> | undefined)?.expression ?? (ordered as ExpressionNode)
    if (type.family === 'bigint' && Number.isInteger(size)) to.value(BigInt(size), type, Position.free)
    else if (type.family === 'numeric') to.value(String(size), withoutLimits(type), Position.free)
    else to.value(size, type.family === 'real' ? DOUBLE : type, Position.free)
  }
}

/** Whether it is a sum that the database computes as numeric: its quotient by a bigint would have a fraction. */
export function isCastSum({ name, type }: WindowedNode, to: Writer): boolean {
  return to.dialect.lacks.bigintSum === true && name === 'sum' && type.family === 'bigint'
}

/** Whether it could also be computed over a group. */
function isAggregate(call: WindowedNode): boolean {
  return 'isDistinct' in call
}

/** A function over the window that a caller describes. */
export function overWindow(call: WindowedNode, window: WindowParts = {}): WindowNode {
  const partitionBy = list(window.partitionBy)
  const orderBy = list(window.orderBy)
  requireEquality('over(…)', partitionBy)
  requireEquality('over(…)', orderBy)
  const frame = frameOf(window, orderBy.length)
  const type =
    (orderBy[0] as Partial<OrderingNode> | undefined)?.expression?.type ??
    (orderBy[0] as ExpressionNode | undefined)?.type
  if (frame?.unit === 'range' && type !== undefined) checkDistances(frame, type)
  return new WindowNode(call, partitionBy, orderBy, frame, call.type)
}

/** A distance in time is added to times, one in numbers to numbers. */
function checkDistances({ from, to }: FrameClause, { family }: SqlType): void {
  const isTime = family === 'date' || family === 'timestamp' || family === 'timestamptz'
  const isWhole = family === 'integer' || family === 'bigint'
  for (const bound of [from, to]) {
    if (typeof bound === 'string') continue
    const size = 'preceding' in bound ? bound.preceding : bound.following
    if ((typeof size === 'object') === isTime && !(isWhole && !Number.isInteger(size))) continue
    throw new BuildError(
      'invalid_frame',
      `A range over values of type ${family} cannot go ${JSON.stringify(size)} far: write ` +
        `${isTime ? 'an interval such as { days: 3 }' : isWhole ? 'a whole number' : 'a number'}.`,
    )
  }
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
