import { CompileError } from '../errors.js'

/**
 * Where in a statement something is written, as far as aggregates and windows ask. Undefined is outside of any select;
 * `call` is the place of an aggregate whose window follows; of `raw` SQL only its author knows.
 */
export type Place =
  | 'select'
  | 'having'
  | 'where'
  | 'from'
  | 'group by'
  | 'aggregate'
  | 'window'
  | 'call'
  | 'raw'
  | undefined

const IN_SUBQUERY = 'Compute it in a subquery, and use the column: query.as(…) in from(…).'

const advice: Readonly<Record<string, string>> = {
  where: 'Rows are chosen before they are grouped: write it in having(…), which chooses groups.',
  undefined: 'It computes over the rows of a select: write select(…).from(…).scalar().',
}

/** The error for an aggregate that no database takes where it is written. */
export function misplacedAggregate(name: string, place: Place): CompileError {
  return new CompileError(
    'misplaced_aggregate',
    `The aggregate ${name}(…) cannot stand ${where(place)}. ${advice[String(place)] ?? IN_SUBQUERY}`,
  )
}

/** The error for a function over a window that no database takes where it is written. */
export function misplacedWindow(name: string, place: Place): CompileError {
  return new CompileError(
    'misplaced_window',
    `${name}(…).over(…) cannot stand ${where(place)}: windows are computed over the rows that are left. ` +
      (place === undefined ? advice.undefined : IN_SUBQUERY),
  )
}

function where(place: Place): string {
  return place === undefined
    ? 'outside of a select'
    : place === 'from'
      ? 'in from or the condition of a join'
      : place === 'aggregate' || place === 'window'
        ? `inside another ${place === 'window' ? 'function over a window' : 'aggregate'}`
        : `in ${place}`
}
