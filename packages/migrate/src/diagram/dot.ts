import { type Cardinality, type Drawing, type DrawnTable, typeText } from './model.js'
import { xmlText } from './xml.js'

/** A drawing as a graph of Graphviz, with a row for each column. */
export function dotText({ title, tables, relations }: Drawing): string {
  const settings = [
    'rankdir=LR',
    'nodesep=0.4',
    'ranksep=1.2',
    ...(title === undefined
      ? []
      : [`label=${quoted(title)}`, 'labelloc=t', 'fontname="Helvetica"', 'fontsize=20']),
  ]
  const places = tables.map(({ columns }) => new Map(columns.map(({ name }, i) => [name, i])))
  const port = (table: number, columns: readonly string[]) => {
    const place = places[table]?.get(columns[0] ?? '')
    return `t${table + 1}${place === undefined ? '' : `:c${place + 1}`}`
  }
  const edges = relations.map(
    ({ child, parent, childColumns, parentColumns, childRows, parentRows, isView }) => {
      const ends = isView
        ? 'arrowtail=none, arrowhead=none, style=dashed'
        : `arrowtail=${END[parentRows]}, arrowhead=${END[childRows]}`
      const label = isView ? '' : `, tooltip=${quoted(childColumns.join(', '))}`
      return `  ${port(parent, parentColumns)} -> ${port(child, childColumns)} [dir=both, ${ends}${label}]`
    },
  )
  const lines = [
    'digraph schema {',
    `  graph [${settings.join(', ')}]`,
    '  node [shape=plain, fontname="Helvetica", fontsize=11]',
    '  edge [color="#64748b"]',
    ...tables.map(
      (table) => `  t${table.id + 1} [tooltip=${quoted(table.label)}, label=<${tableMarkup(table)}>]`,
    ),
    ...edges,
    '}',
  ]
  return `${lines.join('\n')}\n`
}

const END: Readonly<Record<Cardinality, string>> = {
  '1': 'teetee',
  '0..1': 'teeodot',
  '1..n': 'crowtee',
  '0..n': 'crowodot',
}

function tableMarkup({ label, kind, columns }: DrawnTable): string {
  const head = `<tr><td bgcolor="${kind === 'table' ? '#dbeafe' : '#e2e8f0'}" colspan="3"><b>${xmlText(label)}</b></td></tr>`
  const rows = columns.map(({ name, type, isPrimary, isForeign, isUnique, isNullable }, i) => {
    const key = isPrimary ? 'PK' : isForeign ? 'FK' : isUnique ? 'UQ' : ' '
    const cells = [key, xmlText(name), xmlText(typeText({ type, isNullable }))]
    const shown = cells.map((cell, at) => {
      const end = at === 0 ? ` port="c${i + 1}"` : ''
      return `<td align="left"${end}>${cell === '' ? ' ' : cell}</td>`
    })
    return `<tr>${shown.join('')}</tr>`
  })
  return `<table border="1" cellborder="0" cellspacing="0" cellpadding="3" color="#64748b">${head}${rows.join('')}</table>`
}

function quoted(text: string): string {
  return `"${text.replace(/\s+/g, ' ').replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
