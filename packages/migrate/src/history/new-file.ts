import { randomBytes } from 'node:crypto'

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

/** The text of a new revision's file, with nothing in it to do yet. */
export function fileText(id: string, parents: readonly string[], message: string): string {
  const quoted = (text: string) =>
    `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
  return `import { revision } from '@espalier/migrate'

export default revision({
  id: ${quoted(id)},
  parents: [${parents.map(quoted).join(', ')}],
  message: ${quoted(message)},
  up: [],
  // down is derived from up; write it only where an operation has no reverse.
})
`
}
