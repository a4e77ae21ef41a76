import type { Lacks } from '../types/dialect.js'
import type { Writer } from './writer.js'

/** Names of what only some databases have, by what a dialect says it lacks: how errors name it, and what to do instead. */
const features = {
  quantifiers: [
    'comparison with any or all rows of a query',
    'Compare with the min or max of the rows, or write exists(…).',
  ],
  arrays: ['arrays', 'Keep lists in a column of json<…[]>(), or in a table of their own.'],
  multiranges: ['values of several ranges', 'Select the ranges, and put them together in the program.'],
  ranges: ['ranges', 'Keep the two bounds in columns of their own, and compare these.'],
  networks: [
    'operators of networks',
    'Compare addresses of hosts by between(first, last), and compute the rest in the program.',
  ],
  jsonOperators: [
    'containment, concatenation and paths with conditions of json',
    'Compare the parts of a document by jsonOf(…), or change them by jsonSet(…).',
  ],
  fullText: ['full-text search', 'Search by like(…) or ilike(…), or in raw SQL on a table of FTS5.'],
} as const satisfies Partial<Record<keyof Lacks, readonly [construct: string, instead: string]>>

/** A part of SQL that only some databases have. */
export type Feature = keyof typeof features

/** Whether a text names a feature. */
export function isFeature(name: unknown): boolean {
  return typeof name === 'string' && Object.hasOwn(features, name)
}

/** Refuses a feature on a database that has it not. */
export function requireFeature(to: Writer, name: Feature): void {
  if (!to.dialect.lacks[name]) return
  const [construct, instead] = features[name]
  throw to.unsupported(construct, instead)
}
