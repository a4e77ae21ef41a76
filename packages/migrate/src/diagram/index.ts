export { type DiagramFormat, type DiagramOptions, diagram } from './diagram.js'
export type { DrawnColumns } from './model.js'
