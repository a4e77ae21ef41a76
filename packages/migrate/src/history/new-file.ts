import { randomBytes } from 'node:crypto'

/** An id for a new revision: eight hexadecimal digits, of which one at least is a letter. */
export function newId(taken: (id: string) => boolean): string {
  for (;;) {
    const id = randomBytes(4).toString('hex')
    if (/[a-f]/.test(id) && !taken(id)) return id
  }
}

/** The name of a revision's file, by which files sort in the order of their making: `20261121T103000_split_full_name.ts`. */
export function fileName(message: string, time: Date): string {
  const stamp = time.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  const slug = message
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '')
  return `${stamp}_${slug || 'revision'}.ts`
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
