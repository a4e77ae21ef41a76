import { METRICS, type PlacedRelation, type PlacedTable, type Point, place } from './layout.js'
import { type Cardinality, type Drawing, typeText } from './model.js'
import { xmlText } from './xml.js'

const STYLE = `
  .espalier { --paper: #ffffff; --table: #ffffff; --head: #e0ecff; --view: #ece7fb; --edge: #94a3b8; --line: #64748b; --text: #0f172a; --soft: #64748b; --key: #1d4ed8; }
  @media (prefers-color-scheme: dark) {
    .espalier { --paper: #0f172a; --table: #1e293b; --head: #1e3a5f; --view: #3b2f63; --edge: #475569; --line: #94a3b8; --text: #e2e8f0; --soft: #94a3b8; --key: #93c5fd; }
  }
  .paper { fill: var(--paper); }
  .table { fill: var(--table); stroke: var(--edge); }
  .head { fill: var(--head); }
  .view .head { fill: var(--view); }
  text { fill: var(--text); font-size: 12px; font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
  .name { font-weight: 700; }
  .type, .null { fill: var(--soft); }
  .badge { fill: var(--key); font-size: 10px; font-weight: 700; }
  .title { font-size: 20px; font-weight: 700; font-family: "Helvetica Neue", Arial, sans-serif; }
  .relation { fill: none; stroke: var(--line); stroke-width: 1.2; }
  .relation .end { fill: var(--paper); }
  .reads { stroke-dasharray: 4 4; }
  .relation:hover { stroke: var(--key); stroke-width: 2.4; }
`

/** A drawing as a picture by itself, which is light or dark as the reader likes it. */
export function svgText(drawing: Drawing): string {
  const { title = 'Schema' } = drawing
  const picture = place(drawing)
  const top = drawing.title === undefined ? 0 : 36
  const titleWidth = drawing.title === undefined ? 0 : title.length * 13 + 64
  const [width, height] = [Math.ceil(Math.max(picture.width, titleWidth)), Math.ceil(picture.height + top)]
  const heading =
    drawing.title === undefined ? [] : [`<text class="title" x="32" y="42">${xmlText(title)}</text>`]
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="espalier" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${xmlText(title)}">`,
    `<title>${xmlText(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...heading,
    `<g transform="translate(0 ${top})">`,
    ...picture.relations.map(relationMarkup),
    ...picture.tables.map(tableMarkup),
    '</g>',
    '</svg>',
  ].join('\n')}\n`
}

const n = (value: number) => String(Math.round(value * 10) / 10)

function tableMarkup({ table, x, y, width, height }: PlacedTable): string {
  const { head, row, pad, key } = METRICS
  const { label, kind, columns } = table
  const round =
    columns.length === 0
      ? `<rect class="head" width="${n(width)}" height="${n(height)}" rx="6"/>`
      : topOf(width, head)
  const rows = columns.map(({ name, type, isPrimary, isForeign, isUnique, isNullable }, i) => {
    const middle = n(head + 3 + i * row + row / 2 + 4)
    const badge = isPrimary ? (isForeign ? 'PF' : 'PK') : isForeign ? 'FK' : isUnique ? 'UQ' : undefined
    const shown = badge === undefined ? '' : `<text class="badge" x="${pad}" y="${middle}">${badge}</text>`
    return (
      `${shown}<text x="${pad + key}" y="${middle}">${xmlText(name)}</text>` +
      `<text class="type" x="${n(width - pad)}" y="${middle}" text-anchor="end">${xmlText(typeText({ type, isNullable }))}</text>`
    )
  })
  return [
    `<g class="${kind === 'table' ? 'entity' : 'entity view'}" transform="translate(${n(x)} ${n(y)})">`,
    `<title>${xmlText(kind === 'table' ? label : `${label} (${kind})`)}</title>`,
    `<rect class="table" width="${n(width)}" height="${n(height)}" rx="6"/>`,
    round,
    `<text class="name" x="${pad}" y="${n(head / 2 + 4)}">${xmlText(label)}</text>`,
    ...rows,
    '</g>',
  ].join('\n')
}

/** The head of a table, whose upper corners are round. */
function topOf(width: number, height: number): string {
  const [w, h] = [n(width - 1), n(height)]
  return `<path class="head" d="M0.5 ${h}V6.5a6 6 0 0 1 6 -6H${n(width - 6.5)}a6 6 0 0 1 6 6V${h}z" data-width="${w}"/>`
}

function relationMarkup({ relation, points, childSide, parentSide }: PlacedRelation): string {
  const { name, childColumns, isView } = relation
  const said = isView
    ? 'reads'
    : name === ''
      ? childColumns.join(', ')
      : `${name} (${childColumns.join(', ')})`
  const [start, end] = [points[0] as Point, points.at(-1) as Point]
  const marks = isView
    ? ''
    : endMarkup(start, childSide, relation.childRows) + endMarkup(end, parentSide, relation.parentRows)
  return `<g class="relation${isView ? ' reads' : ''}"><title>${xmlText(said)}</title><path d="${pathOf(points, childSide === parentSide)}"/>${marks}</g>`
}

/** A line that bends between its points, or has corners where it leads back to its own table. */
function pathOf([start, ...way]: readonly Point[], isLoop: boolean): string {
  let from = start as Point
  let path = `M${n(from.x)} ${n(from.y)}`
  for (const to of way) {
    const middle = n((from.x + to.x) / 2)
    if (Math.abs(from.y - to.y) < 0.05) path += `H${n(to.x)}`
    else if (isLoop) path += `L${n(to.x)} ${n(to.y)}`
    else path += `C${middle} ${n(from.y)} ${middle} ${n(to.y)} ${n(to.x)} ${n(to.y)}`
    from = to
  }
  return path
}

/** How many rows there are at an end: a fork for many, a bar for one, a circle for none. */
function endMarkup({ x, y }: Point, side: number, rows: Cardinality): string {
  const isMany = rows.endsWith('n')
  const isOptional = rows.startsWith('0')
  const at = (distance: number) => n(x + side * distance)
  const bar = (distance: number) => `M${at(distance)} ${n(y - 5)}V${n(y + 5)}`
  const fork = `M${at(9)} ${n(y)}L${at(0)} ${n(y - 5)}M${at(9)} ${n(y)}L${at(0)} ${n(y + 5)}`
  const strokes = `${isMany ? fork : bar(5)}${isOptional ? '' : bar(isMany ? 12 : 9)}`
  const circle = isOptional ? `<circle class="end" cx="${at(isMany ? 12.5 : 11)}" cy="${n(y)}" r="3.5"/>` : ''
  return `<path d="${strokes}"/>${circle}`
}
