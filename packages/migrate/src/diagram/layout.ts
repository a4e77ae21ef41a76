import type { Drawing, DrawnRelation, DrawnTable } from './model.js'
import { textCells } from './xml.js'

/** A table with its place and size in a picture. */
export interface PlacedTable {
  readonly table: DrawnTable
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A point of a line. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** A relation with the line by which it is drawn, from the child to the parent: through gaps, and straight past tables. */
export interface PlacedRelation {
  readonly relation: DrawnRelation
  readonly points: readonly Point[]
  /** To which side the line leaves the child and reaches the parent: 1 is the right one. */
  readonly childSide: 1 | -1
  readonly parentSide: 1 | -1
}

/** A picture: what is where. */
export interface Placement {
  readonly width: number
  readonly height: number
  readonly tables: readonly PlacedTable[]
  readonly relations: readonly PlacedRelation[]
}

/** The measures of a picture, in pixels. */
export const METRICS = { cell: 7.3, row: 20, head: 28, pad: 10, key: 26, gap: 18 } as const

/** The gaps between tables: beside each other, where lines run, and above each other. */
const [BESIDE, ABOVE, MARGIN] = [90, 26, 32]

/** How much wider than high a picture should be. */
const RATIO = 1.4

/** The size of a table, in which all of its texts fit. */
export function sizeOf({ label, columns }: DrawnTable): { readonly width: number; readonly height: number } {
  const { cell, row, head, pad, key, gap } = METRICS
  const rows = columns.map(
    ({ name, type, isNullable }) => textCells(name) + textCells(type) + (isNullable ? 1 : 0),
  )
  const widest = Math.max(0, ...rows) * cell + (columns.length > 0 ? key + gap : 0)
  // The label is bold, and so a little wider.
  const width = Math.max(widest, textCells(label) * cell * 1.08, 70) + 2 * pad
  return { width: Math.ceil(width), height: head + columns.length * row + (columns.length > 0 ? 6 : 0) }
}

type Layout = typeof import('@dagrejs/dagre')

/** Places the tables of a drawing in columns, those that are referred to on the left, and lines between them. */
export async function place(drawing: Drawing): Promise<Placement> {
  const dagre = await import('@dagrejs/dagre')
  const parts = connectedParts(drawing)
  const [alone, joined] = [
    parts.filter(({ tables }) => tables.length === 1),
    parts.filter(({ tables }) => tables.length > 1),
  ]
  const blocks = joined.map((part) => shaped(part, dagre))
  const singles = alone.map((part) => shaped(part, dagre))
  return packed([
    ...blocks.sort((a, b) => b.height - a.height),
    ...singles.sort((a, b) => b.height - a.height),
  ])
}

interface Part {
  readonly tables: readonly DrawnTable[]
  readonly relations: readonly DrawnRelation[]
}

/** The parts of a drawing between which there are no relations. */
function connectedParts({ tables, relations }: Drawing): Part[] {
  const root = tables.map((_, i) => i)
  const find = (i: number): number => {
    let at = i
    while (root[at] !== at) at = root[at] as number
    root[i] = at
    return at
  }
  for (const { child, parent } of relations) root[find(child)] = find(parent)
  const parts = new Map<number, { tables: DrawnTable[]; relations: DrawnRelation[] }>()
  for (const table of tables) {
    const key = find(table.id)
    const part = parts.get(key) ?? { tables: [], relations: [] }
    part.tables.push(table)
    parts.set(key, part)
  }
  for (const relation of relations) parts.get(find(relation.child))?.relations.push(relation)
  return [...parts.values()]
}

/** A part that is laid out: tables in columns of about one height, so that the whole is a little wider than high. */
function shaped({ tables, relations }: Part, dagre: Layout): Placement {
  const graph = new dagre.Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'LR', nodesep: ABOVE, edgesep: 14, ranksep: BESIDE })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const table of tables) graph.setNode(String(table.id), sizeOf(table))
  const others = relations.filter(({ child, parent }) => child !== parent)
  const columns = columnsOf(tables, others)
  const endsOf = ({ child, parent }: DrawnRelation): [left: number, right: number] =>
    (columns.get(parent) as number) < (columns.get(child) as number) ? [parent, child] : [child, parent]
  others.forEach((relation, i) => {
    const [left, right] = endsOf(relation)
    const minlen = (columns.get(right) as number) - (columns.get(left) as number)
    graph.setEdge(String(left), String(right), { minlen }, String(i))
  })
  dagre.layout(graph)
  const placed = new Map(
    tables.map((table) => {
      const { x, y, width, height } = graph.node(String(table.id)) as {
        x: number
        y: number
        width: number
        height: number
      }
      return [table.id, { table, x: x - width / 2, y: y - height / 2, width, height }] as const
    }),
  )
  const bands = bandsOf([...placed.values()])
  const lines = others.map((relation, i) => {
    const { points } = graph.edge(String(relation.parent), String(relation.child), String(i)) as {
      points: Point[]
    }
    return lineOf(relation, placed, [...points].reverse(), bands)
  })
  const loops = relations
    .filter(({ child, parent }) => child === parent)
    .map((relation) => loopOf(relation, placed))
  return moved({ width: 0, height: 0, tables: [...placed.values()], relations: [...lines, ...loops] })
}

/**
 * The column of each table: behind those that it refers to, and in the first that has room. Two that are joined by a line are
 * never in one column.
 */
function columnsOf(tables: readonly DrawnTable[], relations: readonly DrawnRelation[]): Map<number, number> {
  const sizes = new Map(tables.map((table) => [table.id, sizeOf(table)]))
  const heightOf = (id: number) => (sizes.get(id)?.height ?? 0) + ABOVE
  const whole = tables.reduce((sum, { id }) => sum + heightOf(id), 0)
  const width = tables.reduce((sum, { id }) => sum + (sizes.get(id)?.width ?? 0), 0) / tables.length + BESIDE
  const tallest = Math.max(...tables.map(({ id }) => heightOf(id)))
  const most = Math.max(tallest, Math.sqrt((whole * width) / RATIO))
  const neighbours = new Map<number, number[]>(tables.map(({ id }) => [id, []]))
  for (const { child, parent } of relations) {
    neighbours.get(child)?.push(parent)
    neighbours.get(parent)?.push(child)
  }
  const columns = new Map<number, number>()
  const heights: number[] = []
  for (const id of parentsFirst(tables, relations)) {
    const before = (neighbours.get(id) ?? []).map((other) => columns.get(other) ?? -1)
    let column = Math.max(-1, ...before) + 1
    while ((heights[column] ?? 0) > 0 && (heights[column] ?? 0) + heightOf(id) > most) column++
    columns.set(id, column)
    heights[column] = (heights[column] ?? 0) + heightOf(id)
  }
  return columns
}

/** Tables in an order in which each stands behind those that it refers to, but for circles. */
function parentsFirst(tables: readonly DrawnTable[], relations: readonly DrawnRelation[]): number[] {
  const parents = new Map<number, Set<number>>(tables.map(({ id }) => [id, new Set()]))
  for (const { child, parent } of relations) parents.get(child)?.add(parent)
  const order: number[] = []
  const done = new Set<number>()
  while (order.length < tables.length) {
    const waiting = tables.filter(({ id }) => !done.has(id))
    const missing = ({ id }: DrawnTable) =>
      [...(parents.get(id) ?? [])].filter((one) => !done.has(one)).length
    const free = waiting.filter((table) => missing(table) === 0)
    const next =
      free.length > 0 ? free : [waiting.reduce((best, one) => (missing(one) < missing(best) ? one : best))]
    for (const { id } of next) {
      order.push(id)
      done.add(id)
    }
  }
  return order
}

/** The columns of a picture, by their middles: from where to where their tables reach. */
function bandsOf(tables: readonly PlacedTable[]): { readonly left: number; readonly right: number }[] {
  const bands = new Map<number, { left: number; right: number }>()
  for (const { x, width } of tables) {
    const middle = Math.round(x + width / 2)
    const band = bands.get(middle) ?? { left: x, right: x + width }
    bands.set(middle, { left: Math.min(band.left, x), right: Math.max(band.right, x + width) })
  }
  return [...bands.values()].sort((a, b) => a.left - b.left)
}

/** The height at which a line reaches a table: at the row of its first column. */
function rowOf({ table, y, height }: PlacedTable, [column]: readonly string[]): number {
  const { head, row } = METRICS
  const at = table.columns.findIndex(({ name }) => name === column)
  return at < 0 ? y + Math.min(height, head) / 2 : y + head + 3 + at * row + row / 2
}

function lineOf(
  relation: DrawnRelation,
  placed: ReadonlyMap<number, PlacedTable>,
  way: readonly Point[],
  bands: readonly { readonly left: number; readonly right: number }[],
): PlacedRelation {
  const child = placed.get(relation.child) as PlacedTable
  const parent = placed.get(relation.parent) as PlacedTable
  const isRightward = child.x < parent.x
  const childSide = isRightward ? 1 : -1
  const start = { x: isRightward ? child.x + child.width : child.x, y: rowOf(child, relation.childColumns) }
  const end = {
    x: isRightward ? parent.x : parent.x + parent.width,
    y: rowOf(parent, relation.parentColumns),
  }
  const [from, to] = isRightward ? [start, end] : [end, start]
  // Each column between the two is crossed straight, at the height that was kept free there.
  const between = bands.filter(({ left, right }) => left > from.x && right < to.x)
  const crossings = between.flatMap((band) => {
    const y = heightAt(way, (band.left + band.right) / 2)
    const both = [
      { x: band.left - 8, y },
      { x: band.right + 8, y },
    ]
    return both
  })
  const ordered = isRightward ? crossings : crossings.reverse()
  return { relation, points: [start, ...ordered, end], childSide, parentSide: childSide === 1 ? -1 : 1 }
}

/** The height of a way at a place. */
function heightAt(way: readonly Point[], x: number): number {
  const points = [...way].sort((a, b) => a.x - b.x)
  const nearest = points.reduce((best, one) => (Math.abs(one.x - x) < Math.abs(best.x - x) ? one : best))
  return nearest.y
}

function loopOf(relation: DrawnRelation, placed: ReadonlyMap<number, PlacedTable>): PlacedRelation {
  const table = placed.get(relation.child) as PlacedTable
  const x = table.x + table.width
  const [from, to] = [rowOf(table, relation.childColumns), rowOf(table, relation.parentColumns)]
  const end = Math.abs(from - to) < 8 ? from - METRICS.row : to
  const out = x + 34
  return {
    relation,
    points: [
      { x, y: from },
      { x: out, y: from },
      { x: out, y: end },
      { x, y: end },
    ],
    childSide: 1,
    parentSide: 1,
  }
}

/** A placement moved to where its upper left corner is at 0, with its size. */
function moved({ tables, relations }: Placement): Placement {
  const points = relations.flatMap((one) => one.points)
  const left = Math.min(...tables.map(({ x }) => x), ...points.map(({ x }) => x))
  const top = Math.min(...tables.map(({ y }) => y), ...points.map(({ y }) => y))
  const right = Math.max(...tables.map(({ x, width }) => x + width), ...points.map(({ x }) => x))
  const bottom = Math.max(...tables.map(({ y, height }) => y + height), ...points.map(({ y }) => y))
  return {
    ...shifted({ width: 0, height: 0, tables, relations }, -left, -top),
    width: right - left,
    height: bottom - top,
  }
}

function shifted(placement: Placement, dx: number, dy: number): Placement {
  const by = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy })
  return {
    ...placement,
    tables: placement.tables.map(by),
    relations: placement.relations.map((one) => ({ ...one, points: one.points.map(by) })),
  }
}

/** Placements beside and below each other, in rows of about one width. */
function packed(blocks: readonly Placement[]): Placement {
  const area = blocks.reduce((sum, { width, height }) => sum + (width + BESIDE) * (height + ABOVE), 0)
  const widest = Math.max(0, ...blocks.map(({ width }) => width), Math.sqrt(area * 1.5))
  const done: Placement[] = []
  let [x, y, rowHeight, width] = [0, 0, 0, 0]
  // What is lower than a block of its row stands below another in a column there.
  let column: { x: number; y: number; width: number } | undefined
  for (const block of blocks) {
    if (column !== undefined && column.y + block.height <= rowHeight && block.width <= column.width) {
      done.push(shifted(block, column.x, y + column.y))
      column.y += block.height + ABOVE * 1.5
      continue
    }
    if (x > 0 && x + block.width > widest) {
      y += rowHeight + ABOVE * 2
      x = 0
      rowHeight = 0
    }
    done.push(shifted(block, x, y))
    rowHeight = Math.max(rowHeight, block.height)
    column = { x, y: block.height + ABOVE * 1.5, width: block.width }
    x += block.width + BESIDE / 2
    width = Math.max(width, x - BESIDE / 2)
  }
  const tables = done.flatMap((one) => one.tables)
  const relations = done.flatMap((one) => one.relations)
  const all = { width: width + 2 * MARGIN, height: y + rowHeight + 2 * MARGIN, tables, relations }
  return shifted(all, MARGIN, MARGIN)
}
