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

/**
 * A relation with the line by which it is drawn, from the child to the parent: it goes straight out of a table and past others,
 * and bends in the gaps between the columns.
 */
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

/** How far a line goes straight out of a column. */
const OUT = 16

/** How much wider than high a picture should be. */
const RATIO = 1.4

/** The size of a table, in which all of its texts fit. */
function sizeOf({ label, columns }: DrawnTable): { readonly width: number; readonly height: number } {
  const { cell, row, head, pad, key, gap } = METRICS
  const rows = columns.map(
    ({ name, type, isNullable }) => textCells(name) + textCells(type) + (isNullable ? 1 : 0),
  )
  const widest = Math.max(0, ...rows) * cell + (columns.length > 0 ? key + gap : 0)
  // The label is bold, and so a little wider.
  const width = Math.max(widest, textCells(label) * cell * 1.08, 70) + 2 * pad
  return { width: Math.ceil(width), height: head + columns.length * row + (columns.length > 0 ? 6 : 0) }
}

/** Places the tables of a drawing in columns, those that are referred to on the left, and lines between them. */
export function place(drawing: Drawing): Placement {
  const blocks = connectedParts(drawing).map(shaped)
  const [joined, alone] = [
    blocks.filter(({ tables }) => tables.length > 1),
    blocks.filter(({ tables }) => tables.length === 1),
  ]
  const byHeight = (a: Placement, b: Placement) => b.height - a.height
  return packed([...joined.sort(byHeight), ...alone.sort(byHeight)])
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

/** What stands in a column: a table, or a line that crosses the column. */
interface Item {
  readonly table: DrawnTable | undefined
  readonly height: number
  /** Where it is: its middle. */
  y: number
  /** What it is joined to in the columns beside it, and how far from the middle the lines are, here and there. */
  readonly left: Joint[]
  readonly right: Joint[]
}

interface Joint {
  readonly item: Item
  readonly own: number
  readonly other: number
}

/** A part that is laid out: tables in columns of about one height, so that the whole is a little wider than high. */
function shaped({ tables, relations }: Part): Placement {
  const others = relations.filter(({ child, parent }) => child !== parent)
  const columnOf = columnsOf(tables, others)
  const columns: Item[][] = []
  const add = (column: number, table: DrawnTable | undefined): Item => {
    const height = table === undefined ? LINE : sizeOf(table).height
    const item = { table, height, y: 0, left: [], right: [] }
    columns[column] = [...(columns[column] ?? []), item]
    return item
  }
  const items = new Map(tables.map((table) => [table.id, add(columnOf.get(table.id) as number, table)]))
  // Lines from one row of a table are one line, as far as they go the same way.
  const lines = new Map<string, Item>()
  const ways = others.map((relation) => {
    const isParentLeft = (columnOf.get(relation.parent) as number) < (columnOf.get(relation.child) as number)
    const ends = [
      { id: relation.parent, columns: relation.parentColumns },
      { id: relation.child, columns: relation.childColumns },
    ] as const
    const [left, right] = isParentLeft ? ends : ([ends[1], ends[0]] as const)
    const [from, to] = [columnOf.get(left.id) as number, columnOf.get(right.id) as number]
    const way: Item[] = []
    let before = items.get(left.id) as Item
    let offset = offsetOf(before, left.columns)
    for (let column = from + 1; column < to; column++) {
      const key = `${left.id} ${left.columns[0]} ${column}`
      const known = lines.get(key)
      const item = known ?? add(column, undefined)
      if (known === undefined) join(before, item, offset, 0)
      lines.set(key, item)
      way.push(item)
      before = item
      offset = 0
    }
    const end = items.get(right.id) as Item
    join(before, end, offset, offsetOf(end, right.columns))
    return { relation, way }
  })
  for (const column of columns)
    settle(
      column,
      column.map((item, i) => ({ item, y: i })),
    )
  for (let round = 0; round < ROUNDS; round++) {
    const isForth = round % 2 === 0
    for (const column of isForth ? columns : columns.toReversed())
      arrange(column, isForth, round < ROUNDS - 4)
  }
  const bands = bandsOf(columns)
  const placed = new Map(
    tables.map((table) => {
      const { y, height } = items.get(table.id) as Item
      const { left, right } = bands[columnOf.get(table.id) as number] as Band
      const { width } = sizeOf(table)
      return [table.id, { table, x: (left + right - width) / 2, y: y - height / 2, width, height }] as const
    }),
  )
  const first = (relation: DrawnRelation) =>
    Math.min(columnOf.get(relation.child) as number, columnOf.get(relation.parent) as number)
  const bandOf = (id: number) => bands[columnOf.get(id) as number] as Band
  const drawn = ways.map(({ relation, way }) => {
    const crossed = way.map(({ y }, i) => ({ y, band: bands[first(relation) + 1 + i] as Band }))
    return lineOf(relation, placed, crossed, bandOf)
  })
  const loops = relations
    .filter(({ child, parent }) => child === parent)
    .map((relation) => loopOf(relation, placed))
  return moved({ width: 0, height: 0, tables: [...placed.values()], relations: [...drawn, ...loops] })
}

/** How much room a line takes that crosses a column, and how often the columns are arranged anew. */
const [LINE, ROUNDS] = [4, 28]

function join(left: Item, right: Item, leftOffset: number, rightOffset: number): void {
  left.right.push({ item: right, own: leftOffset, other: rightOffset })
  right.left.push({ item: left, own: rightOffset, other: leftOffset })
}

/** How far from its middle a row of a table is. */
function offsetOf({ table, height }: Item, columns: readonly string[]): number {
  return table === undefined ? 0 : rowOf({ table, x: 0, y: -height / 2, width: 0, height }, columns)
}

/** Arranges a column: each of its items as near as there is room to where what it is joined to would have it. */
function arrange(column: Item[], isForth: boolean, mayChangeOrder: boolean): void {
  const wanted = column.map((item) => {
    const [near, far] = isForth ? [item.left, item.right] : [item.right, item.left]
    const joints = near.length > 0 ? near : far
    const all = joints.map(({ item: { y }, own, other }) => y + other - own)
    return { item, y: all.length === 0 ? item.y : all.reduce((sum, y) => sum + y, 0) / all.length }
  })
  if (mayChangeOrder) {
    wanted.sort((a, b) => a.y - b.y)
    column.splice(0, column.length, ...wanted.map(({ item }) => item))
  }
  settle(column, wanted)
}

/** Places the items of a column in their order, as near to where they are wanted as they fit: with the least squares. */
function settle(
  column: readonly Item[],
  wanted: readonly { readonly item: Item; readonly y: number }[],
): void {
  const blocks: { sum: number; weight: number; count: number }[] = []
  const offsets: number[] = []
  let offset = 0
  for (const [i, item] of column.entries()) {
    const before = column[i - 1]
    if (before !== undefined) offset += (before.height + item.height) / 2 + gapOf(before, item)
    offsets.push(offset)
    const weight = item.table === undefined ? 2 : 1
    blocks.push({ sum: ((wanted[i]?.y ?? 0) - offset) * weight, weight, count: 1 })
    // Those that would overlap are moved as one.
    for (
      let last = blocks.at(-1), other = blocks.at(-2);
      last && other;
      last = blocks.at(-1), other = blocks.at(-2)
    ) {
      if (other.sum / other.weight <= last.sum / last.weight) break
      blocks.splice(-2, 2, {
        sum: other.sum + last.sum,
        weight: other.weight + last.weight,
        count: other.count + last.count,
      })
    }
  }
  let at = 0
  for (const { sum, weight, count } of blocks) {
    for (let i = 0; i < count; i++, at++) (column[at] as Item).y = sum / weight + (offsets[at] as number)
  }
}

/** The least room between two that stand above each other. */
function gapOf(above: Item, below: Item): number {
  if (above.table !== undefined && below.table !== undefined) return ABOVE
  return above.table === undefined && below.table === undefined ? 8 : ABOVE / 2 + 3
}

/** From where to where a column reaches. */
interface Band {
  readonly left: number
  readonly right: number
}

/** The columns beside each other, as wide as their widest tables; the gap before one is wider where many lines run. */
function bandsOf(columns: readonly (readonly Item[])[]): Band[] {
  let x = 0
  return columns.map((column) => {
    const width = Math.max(0, ...column.map(({ table }) => (table === undefined ? 0 : sizeOf(table).width)))
    const lines = column.reduce((sum, { left }) => sum + left.length, 0)
    const left = x === 0 ? 0 : x + BESIDE + Math.min(lines * 2, 60)
    x = left + width
    return { left, right: x }
  })
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

/** The height at which a line reaches a table: at the row of its first column. */
function rowOf({ table, y, height }: PlacedTable, [column]: readonly string[]): number {
  const { head, row } = METRICS
  const at = table.columns.findIndex(({ name }) => name === column)
  return at < 0 ? y + Math.min(height, head) / 2 : y + head + 3 + at * row + row / 2
}

function lineOf(
  relation: DrawnRelation,
  placed: ReadonlyMap<number, PlacedTable>,
  crossed: readonly { readonly y: number; readonly band: Band }[],
  bandOf: (id: number) => Band,
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
  // Each column between the two is crossed straight, where room is kept for it.
  const crossings = crossed.flatMap(({ y, band }) => [
    { x: band.left - 8, y },
    { x: band.right + 8, y },
  ])
  // Beside a table, others of its column may be wider.
  const outOf = (id: number, side: 1 | -1) => (side === 1 ? bandOf(id).right + OUT : bandOf(id).left - OUT)
  const points = [
    start,
    { x: outOf(child.table.id, childSide), y: start.y },
    ...(isRightward ? crossings : crossings.reverse()),
    { x: outOf(parent.table.id, childSide === 1 ? -1 : 1), y: end.y },
    end,
  ]
  return { relation, points, childSide, parentSide: childSide === 1 ? -1 : 1 }
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
