import { type Drawn, type Row, rowsOf } from './lanes.js'

/** A revision of a drawing. */
export interface DrawnRevision extends Drawn {
  readonly message: string
  readonly labels: readonly string[]
  readonly dependencies: readonly string[]
  readonly isHead: boolean
  /** Whether it is applied; undefined where no database was asked. */
  readonly isApplied?: boolean | undefined
  /** Whether the database is at it. */
  readonly isCurrent?: boolean | undefined
}

/** The forms in which a history is drawn. */
export const DRAWING_FORMATS = ['text', 'mermaid', 'svg'] as const

/** One of {@link DRAWING_FORMATS}. */
export type DrawingFormat = (typeof DRAWING_FORMATS)[number]

/**
 * Draws a history, the newest revision first: as text for a terminal, as a flow chart of Mermaid, or as SVG.
 * @example
 * ```ts
 * const first = { id: 'a1', parents: [], message: 'first', labels: [], dependencies: [], isHead: false }
 * const second = { ...first, id: 'b2', parents: ['a1'], message: 'second', isHead: true }
 * drawHistory([first, second], 'text') // '●  b2 second (head)\n●  a1 first'
 * ```
 */
export function drawHistory(revisions: readonly DrawnRevision[], format: DrawingFormat): string {
  return format === 'svg' ? svgOf(revisions) : format === 'mermaid' ? mermaidOf(revisions) : textOf(revisions)
}

/** What stands behind a revision: its message, and what is to be known of it. */
export function notesOf({
  labels,
  dependencies,
  isHead,
  isCurrent,
  isApplied,
}: DrawnRevision): readonly string[] {
  return [
    ...(isHead ? ['head'] : []),
    ...(isCurrent === true ? ['current'] : []),
    ...(isApplied === false ? ['pending'] : []),
    ...labels.map((label) => `label ${label}`),
    ...(dependencies.length > 0 ? [`depends on ${dependencies.join(', ')}`] : []),
  ]
}

/** A text on one line, without signs that would move the cursor. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
}

function captionOf(revision: DrawnRevision): string {
  const notes = notesOf(revision)
  return `${revision.id} ${oneLine(revision.message)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`
}

function textOf(revisions: readonly DrawnRevision[]): string {
  const rows = rowsOf(revisions)
  const width =
    2 * Math.max(0, ...rows.map(({ before, after, lane }) => Math.max(before.length, after.length, lane + 1)))
  const lines = rows.flatMap((row, i) => {
    const { revision, lane, at, closing, opening, before, after } = row
    const node = at.map((isUsed, other) => (other === lane ? sign(revision) : isUsed ? '│' : ' ')).join(' ')
    const above = rows[i - 1]
    // A head in the lane of a base just above is not below it.
    const isApart = above?.lane === lane && before[lane] === false
    return [
      ...(isApart ? [above.after.map((isUsed) => (isUsed ? '│' : ' ')).join(' ')] : []),
      ...(closing.length > 0 ? [link(before, lane, closing, '╯', '┴')] : []),
      `${node.padEnd(width)} ${captionOf(revision)}`,
      ...(opening.length > 0 ? [link(after, lane, opening, '╮', '┬', row)] : []),
    ]
  })
  return lines.map((line) => line.trimEnd()).join('\n')
}

function sign({ isCurrent, isApplied }: DrawnRevision): string {
  return isCurrent === true ? '◉' : isApplied === false ? '○' : '●'
}

/** A line between two rows: from the lane of a revision to others, across those that only pass. */
function link(
  used: readonly boolean[],
  lane: number,
  others: readonly number[],
  end: string,
  middle: string,
  row?: Row<DrawnRevision>,
): string {
  const last = Math.max(lane, ...others)
  const first = Math.min(lane, ...others)
  let line = ''
  for (let i = 0; i < Math.max(used.length, last + 1); i++) {
    const isEnd = others.includes(i)
    // A lane that was there before goes on above the line as well as below it.
    const passes = isEnd && row?.at[i] === true
    if (i === lane) line += first === i ? (last === i ? '│' : '├') : last === i ? '┤' : '┼'
    else if (isEnd)
      line += i === last ? (passes ? '┤' : end) : i === first ? (passes ? '├' : '╭') : passes ? '┼' : middle
    else if (i > first && i < last) line += used[i] ? '┼' : '─'
    else line += used[i] ? '│' : ' '
    line += i >= first && i < last ? '─' : ' '
  }
  return line
}

function mermaidOf(revisions: readonly DrawnRevision[]): string {
  const names = new Map(revisions.map(({ id }, i) => [id, `r${i}`]))
  const links = (revision: DrawnRevision, ids: readonly string[], arrow: string) =>
    ids.flatMap((id) => {
      const from = names.get(id)
      return from === undefined ? [] : [`  ${from} ${arrow} ${names.get(revision.id)}`]
    })
  return [
    'flowchart BT',
    ...revisions.map((revision) => {
      const notes = notesOf({ ...revision, dependencies: [] })
      const lines = [
        revision.id,
        oneLine(revision.message),
        ...(notes.length > 0 ? [`(${notes.join(', ')})`] : []),
      ]
      return `  ${names.get(revision.id)}["${lines.map(mermaidText).join('<br/>')}"]`
    }),
    ...revisions.flatMap((revision) => [
      ...links(revision, revision.parents, '-->'),
      ...links(revision, revision.dependencies, '-.->'),
    ]),
  ].join('\n')
}

/** A text within quotes: what Mermaid or HTML would read as a sign is written by its number. */
function mermaidText(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} _.,()-]/gu, (char) => `#${char.codePointAt(0)};`)
}

const ROW = 28
const LANE = 22
const MARGIN = 20

function svgOf(revisions: readonly DrawnRevision[]): string {
  const rows = rowsOf(revisions)
  const lanes = Math.max(
    1,
    ...rows.map(({ before, after, lane }) => Math.max(before.length, after.length, lane + 1)),
  )
  const place = new Map(
    rows.map(({ revision, lane }, i) => [revision.id, { x: MARGIN + lane * LANE, y: MARGIN + i * ROW }]),
  )
  const textX = MARGIN + lanes * LANE
  const width = Math.ceil(
    textX + Math.max(0, ...rows.map(({ revision }) => widthOf(captionOf(revision)))) + MARGIN,
  )
  const height = 2 * MARGIN + Math.max(0, rows.length - 1) * ROW
  const laneOf = lanesOf(rows)
  const edges = rows.flatMap(({ revision }) => {
    const from = place.get(revision.id) as Point
    const to = (id: string) => place.get(id)
    return [
      ...revision.parents.flatMap((id) => edge(from, to(id), laneOf(revision.id, id), 'parent')),
      ...revision.dependencies.flatMap((id) => edge(from, to(id), undefined, 'dependency')),
    ]
  })
  const nodes = rows.map(({ revision }) => {
    const { x, y } = place.get(revision.id) as Point
    const kind =
      revision.isCurrent === true ? 'current' : revision.isApplied === false ? 'pending' : 'applied'
    const [id, ...words] = captionOf(revision).split(' ')
    return (
      `<circle class="${kind}" cx="${x}" cy="${y}" r="6"/>` +
      `<text x="${textX}" y="${y + 4.5}"><tspan class="id">${xml(id as string)}</tspan> ${xml(words.join(' '))}</text>`
    )
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    '<title>History of revisions</title>',
    '<style>',
    'svg { color: #1f2328; background: #ffffff; font: 13px ui-monospace, Menlo, Consolas, monospace }',
    'text { fill: currentColor } .id { font-weight: bold }',
    'path { fill: none; stroke: #6e7781; stroke-width: 2 } .dependency { stroke-dasharray: 4 4; stroke: #bf8700 }',
    'circle { stroke: #0969da; stroke-width: 2.5; fill: #0969da } .pending { fill: #ffffff } .current { fill: #1a7f37; stroke: #1a7f37 }',
    '@media (prefers-color-scheme: dark) { svg { color: #e6edf3; background: #0d1117 } .pending { fill: #0d1117 }' +
      ' circle { stroke: #58a6ff } .applied { fill: #58a6ff } .current { fill: #3fb950; stroke: #3fb950 } }',
    '</style>',
    ...edges,
    ...nodes,
    '</svg>',
  ].join('\n')
}

/** The width of a text in pixels; signs of Chinese and the like are wider. */
function widthOf(text: string): number {
  return [...text].reduce((width, char) => width + (char >= '\u1100' ? 14 : 8), 0)
}

interface Point {
  readonly x: number
  readonly y: number
}

/** In which lane the line from a revision to a parent runs. */
function lanesOf(rows: readonly Row<DrawnRevision>[]): (id: string, parent: string) => number {
  const lanes = new Map<string, number>()
  const there = new Set(rows.map(({ revision }) => revision.id))
  for (const { revision, lane, opening } of rows) {
    const [first, ...further] = revision.parents.filter((id) => there.has(id))
    if (first !== undefined) lanes.set(`${revision.id} ${first}`, lane)
    for (const [i, parent] of further.entries()) lanes.set(`${revision.id} ${parent}`, opening[i] as number)
  }
  return (id, parent) => lanes.get(`${id} ${parent}`) as number
}

/** A line from a revision down to another: straight in a lane, with a bend where it changes the lane. */
function edge(from: Point, to: Point | undefined, lane: number | undefined, kind: string): readonly string[] {
  if (to === undefined) return []
  if (lane === undefined) {
    const middle = Math.max(from.x, to.x) + LANE / 2
    return [
      `<path class="${kind}" d="M${from.x} ${from.y} C${middle} ${from.y + ROW / 2} ${middle} ${to.y - ROW / 2} ${to.x} ${to.y}"/>`,
    ]
  }
  const x = MARGIN + lane * LANE
  const leave =
    from.x === x ? '' : ` C${from.x} ${from.y + ROW / 2} ${x} ${from.y + ROW / 2} ${x} ${from.y + ROW}`
  const arrive =
    to.x === x
      ? ` L${x} ${to.y}`
      : ` L${x} ${to.y - ROW} C${x} ${to.y - ROW / 2} ${to.x} ${to.y - ROW / 2} ${to.x} ${to.y}`
  return [`<path class="${kind}" d="M${from.x} ${from.y}${leave}${arrive}"/>`]
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\p{Cc}\ufffe\uffff]/gu, '\ufffd')
}
