import {
  type ContenderName,
  contenders,
  find,
  type Measurement,
  ratioToFloor,
  type Suite,
} from '../harness/measurement.js'
import { type Bound, limit, type Target, targets } from '../targets.js'
import { columns } from './layout.js'
import { shown, shownRatio } from './units.js'

/** What the figures of a suite do not say. */
const notes: Partial<Record<Suite, readonly string[]>> = {
  tpch: [
    'The 22 queries of TPC-H, built and compiled (for each on the average), and run on SQLite. The floor is SQL written by\n' +
      'hand. The peers take no part: none of them can say all of the queries without raw SQL.',
  ],
  schema: [
    'A schema of 1,000 tables, 10,000 columns, 3,000 indexes and 1,500 foreign keys: made by createAll in one transaction,\n' +
      'read back by inspect, and made a metadata again by metadataOf.',
  ],
  migrate: [
    'Histories of 250 and 1,000 revision files, each of which creates a table, from empty to head on SQLite in memory, for each\n' +
      'revision on the average; and espalier current in a process of its own.',
  ],
}

/** All that there is to say about one suite: the figures, Espalier beside its peers, and the targets. */
export function report(suite: Suite, all: readonly Measurement[]): string {
  const measurements = all.filter((m) => m.suite === suite)
  const sections = [
    figures(measurements),
    comparison(measurements, 'espalier'),
    comparison(measurements, 'espalier-prepared'),
    reached(measurements),
  ]
  return [`## ${suite}`, ...(notes[suite] ?? []), ...sections.filter((section) => section !== '')].join(
    '\n\n',
  )
}

/** One line a case, one column a contender: the figure, its ratio to the floor, and the spread over rounds. */
function figures(measurements: readonly Measurement[]): string {
  const names = contenders.filter((name) => measurements.some((m) => m.contender === name))
  const cell = (caseName: string, name: ContenderName): string => {
    const m = measurements.find((other) => other.case === caseName && other.contender === name)
    if (m === undefined) return '–'
    const ratio = ratioToFloor(m, measurements)
    const beside = name === 'floor' || ratio === null ? '' : ` ${shownRatio(ratio)}`
    const spread = m.spread === undefined || m.spread < 0.15 ? '' : ` +${Math.round(m.spread * 100)}%`
    return `${shown(m.median, m.unit)}${beside}${spread}`
  }
  return columns([
    ['', ...names],
    ...casesOf(measurements).map((caseName) => [caseName, ...names.map((name) => cell(caseName, name))]),
  ])
}

/** How many times more each peer takes. */
function comparison(measurements: readonly Measurement[], subject: ContenderName): string {
  const peers = contenders.filter(
    (name) => !name.startsWith('espalier') && measurements.some((m) => m.contender === name),
  )
  const rows = measurements
    .filter((m) => m.contender === subject)
    .map((own) => [
      own.case,
      ...peers.map((peer) => {
        const other = find(measurements, own.suite, own.case, peer)
        return other === undefined ? '–' : shownRatio(other.median / own.median)
      }),
    ])
  if (rows.length === 0 || peers.length === 0) return ''
  return columns([[`${subject} = 1x`, ...peers], ...rows])
}

function reached(measurements: readonly Measurement[]): string {
  const rows = targets.flatMap((target) => {
    const own = find(measurements, target.suite, target.case, target.contender)
    if (own === undefined) return []
    const verdict = (bound: Bound | undefined) =>
      bound === undefined ? ['', ''] : judged(bound, target, own, measurements)
    return [
      [
        `${target.case} ${target.contender}`,
        shown(own.median, own.unit),
        ...verdict(target.must),
        ...verdict(target.goal),
      ],
    ]
  })
  return rows.length === 0 ? '' : columns([['target', 'figure', 'must', '', 'goal', ''], ...rows])
}

function judged(
  bound: Bound,
  target: Target,
  own: Measurement,
  measurements: readonly Measurement[],
): string[] {
  const most = limit(bound, target, measurements)
  if (most === undefined) return [bound.text, '?']
  const text = bound.of === undefined ? bound.text : `${bound.text} = ${shown(most, own.unit)}`
  return [text, own.median <= most ? 'yes' : 'NO']
}

function casesOf(measurements: readonly Measurement[]): string[] {
  return [...new Set(measurements.map((m) => m.case))]
}
