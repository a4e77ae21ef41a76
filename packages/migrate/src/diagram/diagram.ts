import type { Catalog } from '@espalier/core'
import { dotText } from './dot.js'
import { mermaidText } from './mermaid.js'
import { type DrawnColumns, drawingOf } from './model.js'
import { svgText } from './svg.js'

/** What a diagram is written as: a picture, or a text for Mermaid or Graphviz. */
export type DiagramFormat = 'svg' | 'mermaid' | 'dot'

/** How a schema is drawn, see {@link diagram}. */
export interface DiagramOptions {
  readonly format?: DiagramFormat | undefined
  /** What stands above it. */
  readonly title?: string | undefined
  /** The columns that are drawn: `keys` are those of primary, foreign and unique keys. Default: all. */
  readonly columns?: DrawnColumns | undefined
  /** Whether views are drawn, and on PostgreSQL what they read. Default: false. */
  readonly views?: boolean | undefined
}

/**
 * Draws the schema that a catalog says: tables with their columns, and lines from foreign keys to what they refer to. A fork
 * is at the end of many rows, a bar at that of one, and a circle where there may be none.
 *
 * Partitions are not drawn, since they are their tables. For a part of a large schema see {@link selectObjects}.
 * @example
 * ```ts
 * import { createTable } from '@espalier/core'
 * import { inspect } from '@espalier/dialects/sqlite/inspect'
 *
 * const shop = sqlite(':memory:')
 * await shop.run(createTable(table('users', { id: integer().primaryKey() })))
 * const picture = diagram(await inspect(shop), { format: 'svg', title: 'The shop' }) // to be written to a file
 * picture.slice(0, 4) // '<svg'
 * const nearUsers = selectObjects(await inspect(shop), { near: ['users'], distance: 2 })
 * diagram(nearUsers, { format: 'mermaid', columns: 'keys' }) // erDiagram …
 * ```
 */
export function diagram(catalog: Catalog, options: DiagramOptions = {}): string {
  const { format = 'svg', title, columns = 'all', views = false } = options
  const drawing = drawingOf(catalog, { title, columns, views })
  if (format === 'mermaid') return mermaidText(drawing)
  if (format === 'dot') return dotText(drawing)
  return svgText(drawing)
}
