import type { Cardinality, Drawing, DrawnColumn } from './model.js'

/** A drawing as an entity relationship diagram of Mermaid. */
export function mermaidText({ title, tables, relations }: Drawing): string {
  const head = title === undefined ? [] : ['---', `title: ${JSON.stringify(oneLine(title))}`, '---']
  const entities = tables.flatMap(({ id, label, columns }) => {
    const name = `  t${id + 1}["${labelText(label)}"]`
    return columns.length === 0
      ? [name]
      : [`${name} {`, ...columns.map((column) => `    ${attribute(column)}`), '  }']
  })
  const links = relations.map(({ parent, child, parentRows, childRows, childColumns, isView }) => {
    const line = isView ? '..' : '--'
    const label = isView ? 'reads' : childColumns.join(', ')
    return `  t${parent + 1} ${LEFT[parentRows]}${line}${RIGHT[childRows]} t${child + 1} : "${labelText(label)}"`
  })
  return `${[...head, 'erDiagram', ...entities, ...links].join('\n')}\n`
}

const LEFT: Readonly<Record<Cardinality, string>> = { '1': '||', '0..1': '|o', '1..n': '}|', '0..n': '}o' }
const RIGHT: Readonly<Record<Cardinality, string>> = { '1': '||', '0..1': 'o|', '1..n': '|{', '0..n': 'o{' }

function attribute({ name, type, isPrimary, isForeign, isUnique, isNullable }: DrawnColumn): string {
  const keys = [
    ...(isPrimary ? ['PK'] : []),
    ...(isForeign ? ['FK'] : []),
    ...(isUnique && !isPrimary ? ['UK'] : []),
  ]
  const [shownName, shownType] = [word(name), word(type.replace(/\s*,\s*/g, '-').replace(/\s+/g, '_'))]
  // What Mermaid cannot have as a name stands behind it as a comment.
  const notes = [...(shownName === name ? [] : [oneLine(name)]), ...(isNullable ? ['null'] : [])]
  const note = notes.length === 0 ? '' : ` "${labelText(notes.join(', '))}"`
  return `${shownType} ${shownName}${keys.length === 0 ? '' : ` ${keys.join(', ')}`}${note}`
}

/** A text as a name or a type of Mermaid. */
function word(text: string): string {
  const plain = text.normalize('NFKD').replace(/[^A-Za-z0-9_()[\]-]/g, '_')
  return /^[A-Za-z]/.test(plain) ? plain : `c_${plain}`
}

/** A text between quotes: characters that end it, or that Mermaid reads, by their numbers. */
function labelText(text: string): string {
  const plain = oneLine(text).replace(
    /[^\p{L}\p{N} _.,:()[\]*?!/@+=~^'’|-]/gu,
    (one) => `#${one.codePointAt(0)};`,
  )
  return plain === '' ? ' ' : plain
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
