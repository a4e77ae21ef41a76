import { type ContenderName, find, type Measurement, type Suite } from './harness/measurement.js'

/** The most that a figure may be: `plus` and `times` the figure of another contender of the same run. */
export interface Bound {
  readonly text: string
  readonly plus?: number
  readonly times?: number
  readonly of?: ContenderName
  /** The case of the other contender's figure, where it is another one. */
  readonly case?: string
}

/** Where Espalier wants to be: the bound it must keep, and the one that is the goal. */
export interface Target {
  readonly suite: Suite
  readonly case: string
  readonly contender: ContenderName
  readonly must: Bound
  readonly goal?: Bound
}

const faster = (times: number, of: ContenderName): Bound => ({
  text: `${times}x faster than ${of}`,
  times: 1 / times,
  of,
})
const times = (factor: number, of: ContenderName): Bound => ({ text: `${factor}x ${of}`, times: factor, of })
const atMost = (plus: number, unit: string): Bound => ({ text: `${plus.toLocaleString('en')} ${unit}`, plus })
const copying = (test: string): Bound => ({
  text: '100 ns + copying parameters',
  plus: 100,
  times: 1,
  of: 'floor',
  case: `${test}.copy`,
})

const small = ['a', 'b', 'c', 'd', 'f', 'g']
const every = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const both: readonly ContenderName[] = ['espalier', 'espalier-prepared']

export const targets: readonly Target[] = [
  ...small.flatMap((test): Target[] => [
    {
      suite: 'compile',
      case: test,
      contender: 'espalier',
      must: faster(6, 'kysely'),
      goal: faster(10, 'kysely'),
    },
    { suite: 'compile', case: test, contender: 'espalier', must: faster(6, 'knex') },
    { suite: 'compile', case: test, contender: 'espalier', must: faster(30, 'drizzle') },
  ]),
  { suite: 'compile', case: 'e', contender: 'espalier', must: times(2, 'floor'), goal: times(1.5, 'floor') },
  ...every.map(
    (test): Target => ({
      suite: 'compile',
      case: test,
      contender: 'espalier-prepared',
      must: copying(test),
      goal: times(1, 'floor'),
    }),
  ),
  ...every.map(
    (test): Target => ({
      suite: 'compile',
      case: `${test}.heap`,
      contender: 'espalier',
      must: times(0.5, 'kysely'),
      goal: times(0.25, 'kysely'),
    }),
  ),
  {
    suite: 'sqlite',
    case: 'point',
    contender: 'espalier-prepared',
    must: times(0.9, 'floor'),
    goal: times(0.75, 'floor'),
  },
  {
    suite: 'sqlite',
    case: 'point',
    contender: 'espalier',
    must: times(1.6, 'floor'),
    goal: times(1.3, 'floor'),
  },
  ...['rows100', 'rows10k'].flatMap((test) =>
    both.map(
      (contender): Target => ({
        suite: 'sqlite',
        case: test,
        contender,
        must: times(0.75, 'floor'),
        goal: times(0.65, 'floor'),
      }),
    ),
  ),
  ...(['sqlite', 'postgres'] as const).flatMap((suite) =>
    both.map(
      (contender): Target => ({
        suite,
        case: 'records',
        contender,
        must: times(1.3, 'floor'),
        goal: times(1, 'floor'),
      }),
    ),
  ),
  ...(['sqlite', 'postgres'] as const).flatMap((suite) =>
    both.map(
      (contender): Target => ({
        suite,
        case: 'nested',
        contender,
        must: times(1.2, 'floor'),
        goal: times(1, 'floor'),
      }),
    ),
  ),
  {
    suite: 'sqlite',
    case: 'bulk',
    contender: 'espalier',
    must: times(1.3, 'floor'),
    goal: times(1, 'floor'),
  },
  ...both.flatMap((contender): Target[] => [
    { suite: 'postgres', case: 'point', contender, must: times(1.1, 'floor'), goal: times(1, 'floor') },
    { suite: 'postgres', case: 'pipelined', contender, must: times(1.2, 'floor'), goal: times(1, 'floor') },
    { suite: 'postgres', case: 'rows10k', contender, must: times(0.85, 'floor'), goal: times(0.7, 'floor') },
  ]),
  {
    suite: 'postgres',
    case: 'bulk',
    contender: 'espalier',
    must: times(1.2, 'floor'),
    goal: times(1.1, 'floor'),
  },
  {
    suite: 'types',
    case: 'query',
    contender: 'espalier',
    must: atMost(1000, 'instantiations'),
    goal: atMost(400, 'instantiations'),
  },
  {
    suite: 'types',
    case: 'table',
    contender: 'espalier',
    must: atMost(25, 'instantiations'),
    goal: atMost(15, 'instantiations'),
  },
  {
    suite: 'size',
    case: 'select',
    contender: 'espalier',
    must: atMost(15_000, 'bytes'),
    goal: atMost(10_000, 'bytes'),
  },
  ...['sqlite', 'postgres'].map(
    (database): Target => ({
      suite: 'schema',
      case: `${database}.inspect`,
      contender: 'espalier',
      must: atMost(3000, 'ms'),
      goal: atMost(1000, 'ms'),
    }),
  ),
  {
    suite: 'migrate',
    case: 'a revision of 1000, read for the first time',
    contender: 'espalier',
    must: atMost(10, 'ms'),
    goal: atMost(5, 'ms'),
  },
  {
    suite: 'migrate',
    case: 'a revision of 1000',
    contender: 'espalier',
    must: {
      text: '1.3x that of 250',
      times: 1.3,
      of: 'espalier',
      case: 'a revision of 250',
    },
  },
  {
    suite: 'migrate',
    case: 'current of 1000',
    contender: 'espalier',
    must: atMost(500, 'ms'),
    goal: atMost(250, 'ms'),
  },
  { suite: 'size', case: 'import', contender: 'espalier', must: atMost(30, 'ms'), goal: atMost(15, 'ms') },
]

/** The bound in the unit of the measurement, or undefined when the other contender was not measured. */
export function limit(
  bound: Bound,
  target: Target,
  measurements: readonly Measurement[],
): number | undefined {
  const plus = bound.plus ?? 0
  if (bound.of === undefined) return plus
  const other = find(measurements, target.suite, bound.case ?? target.case, bound.of)
  return other === undefined ? undefined : plus + (bound.times ?? 1) * other.median
}
