import { randomBytes } from 'node:crypto'
import type { RevisionHeader } from './revision.js'

/** An id for a new revision: eight hexadecimal digits, of which one at least is a letter. */
export function newId(taken: (id: string) => boolean): string {
  for (;;) {
    const id = randomBytes(4).toString('hex')
    if (/[a-f]/.test(id) && !taken(id)) return id
  }
}

/**
 * The name of a revision's file, by which files sort in the order of their making, those of one second too:
 * `20261121T103000_split_full_name.ts`. `others` are the names that there are.
 */
export function fileName(message: string, time: Date, others: readonly string[]): string {
  const start = time.getTime()
  const stamps = new Set(others.map((name) => name.slice(0, STAMP_LENGTH)))
  let later = start
  while (stamps.has(stampOf(later)) && later < start + 60_000) later += 1000
  const slug = message
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '')
  return `${stampOf(later)}_${slug || 'revision'}.ts`
}

const STAMP_LENGTH = '20261121T103000'.length

function stampOf(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
}

/** What is known of a new revision when its file is written. */
export type NewFile = Omit<RevisionHeader, 'replaces'>

/** What writes the text of a new revision's file. */
export type Template = (revision: NewFile) => string

/** The text of a new revision's file, with nothing in it to do yet. */
export const defaultTemplate: Template = (revision) => `import { revision } from '@espalier/migrate'

export default revision({
${headerText(revision)}
  up: [],
  // down is derived from up; write it only where an operation has no reverse.
})
`

/** The fields of a revision that say where it stands, as they are written in its file. */
export function headerText({ id, parents, message, labels, dependsOn, replaces = [] }: Header): string {
  const list = (name: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : [`  ${name}: [${texts.map(quoted).join(', ')}],`]
  return [
    `  id: ${quoted(id)},`,
    `  parents: [${parents.map(quoted).join(', ')}],`,
    `  message: ${quoted(message)},`,
    ...list('labels', labels),
    ...list('dependsOn', dependsOn),
    ...list('replaces', replaces),
  ].join('\n')
}

type Header = NewFile & { readonly replaces?: readonly string[] }

/** A text as a literal of TypeScript. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
  return `'${escaped}'`
}
