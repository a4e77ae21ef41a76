import { BuildError, excerpt } from '../errors.js'
import { type Interval, isSpan, type Span, spanOf } from './interval.js'

/**
 * One end of a frame: where the partition begins or ends, the current row, or so many rows, groups or units of the
 * ordered value before or after it.
 */
export type FrameBound<D = number> =
  | 'unbounded preceding'
  | 'current row'
  | 'unbounded following'
  | { readonly preceding: D }
  | { readonly following: D }

/**
 * The rows around the current one that a window function sees.
 * @example
 * ```ts
 * sum(posts.score).over({ orderBy: posts.id, rows: { from: { preceding: 2 } } })
 * // sum("posts"."score") over (order by "posts"."id" rows between 2 preceding and current row)
 * ```
 */
export interface Frame<D = number> {
  /** The first row. */
  readonly from: FrameBound<D>
  /** The last row; by default the current one. */
  readonly to?: FrameBound<D>
  /** What is left out of it: the current row, its group of equals, or its equals but not itself. */
  readonly exclude?: 'current row' | 'group' | 'ties'
}

/** A frame as a node holds it: its unit beside it, intervals as spans. */
export interface FrameClause {
  readonly unit: 'rows' | 'range' | 'groups'
  readonly from: FrameBound<number | Span>
  readonly to: FrameBound<number | Span>
  readonly exclude: 'current row' | 'group' | 'ties' | undefined
}

/** What stands for a frame in `over(…)`. */
export interface FrameParts {
  readonly rows?: Frame
  readonly range?: Frame<number | Interval>
  readonly groups?: Frame
}

/** The frame of a window; an error if there are two, or one that no database takes. */
export function frameOf(window: FrameParts, orderings: number): FrameClause | undefined {
  if (window.rows === undefined && window.range === undefined && window.groups === undefined) return undefined
  const given = (['rows', 'range', 'groups'] as const).filter((unit) => window[unit] !== undefined)
  const unit = given[0] as (typeof given)[number]
  if (given.length > 1) throw invalid(`A window has one frame; this one has ${given.join(' and ')}.`)
  const { from, to = 'current row', exclude } = window[unit] as Frame<number | Interval>
  const frame = { unit, from: distance(from), to: distance(to), exclude }
  if (!isFrame(frame)) {
    throw invalid(
      `This is no frame: ${unit}: ${excerpt(window[unit])}. Write { from: { preceding: 2 }, to: 'current row' }, ` +
        "with bounds in the order of the rows; 'unbounded preceding' and 'unbounded following' are the ends.",
    )
  }
  const hasDistance = typeof frame.from === 'object' || typeof frame.to === 'object'
  if (unit === 'groups' && orderings === 0)
    throw invalid('A frame of groups needs orderBy, which makes them.')
  if (unit === 'range' && hasDistance && orderings !== 1) {
    throw invalid(
      `A range with a distance needs orderBy of one expression, to which it is added; here are ${orderings}.`,
    )
  }
  return frame
}

function invalid(message: string): BuildError {
  return new BuildError('invalid_frame', message)
}

function distance(bound: FrameBound<number | Interval>): FrameBound<number | Span> {
  if (typeof bound !== 'object' || bound === null) return bound
  const [[side, size] = []] = Object.entries(bound) as [string, number | Interval][]
  if (typeof size !== 'object' || size === null) return bound as FrameBound
  return { [side as string]: spanOf('range', size) } as unknown as FrameBound<Span>
}

/** Whether a value, which may come from JSON, is a frame that may be written. */
export function isFrame(value: unknown): value is FrameClause {
  if (typeof value !== 'object' || value === null) return false
  const { unit, from, to, exclude } = value as Partial<Record<keyof FrameClause, unknown>>
  if (unit !== 'rows' && unit !== 'range' && unit !== 'groups') return false
  if (exclude !== undefined && exclude !== 'current row' && exclude !== 'group' && exclude !== 'ties')
    return false
  const first = place(from, unit)
  const last = place(to, unit)
  return first !== undefined && last !== undefined && first < 4 && last > 0 && first <= last
}

/** The place of a bound from the begin of the partition to its end; undefined if it is none. */
function place(bound: unknown, unit: string): number | undefined {
  if (bound === 'unbounded preceding') return 0
  if (bound === 'current row') return 2
  if (bound === 'unbounded following') return 4
  if (typeof bound !== 'object' || bound === null) return undefined
  const [[side, size] = [], ...others] = Object.entries(bound)
  if (others.length > 0 || (side !== 'preceding' && side !== 'following')) return undefined
  const isDistance =
    unit === 'range'
      ? isSpan(size) || (typeof size === 'number' && size >= 0 && Number.isFinite(size))
      : Number.isSafeInteger(size) && size >= 0
  return isDistance ? (side === 'preceding' ? 1 : 3) : undefined
}
