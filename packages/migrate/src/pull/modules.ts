import { createHash } from 'node:crypto'
import type { Declaration } from './module.js'
import { camelCase, Names } from './names.js'

/** How the source of a schema is spread over files. */
export type Split = 'schema' | 'table'

/** A file of source text. */
export interface PulledFile {
  /** Its path, relative to where the files are to be, with `/` between its parts. */
  readonly path: string
  readonly text: string
}

/** The declarations as modules. */
export function modulesOf(declarations: readonly Declaration[], split: Split | undefined): PulledFile[] {
  if (split === undefined)
    return [{ path: 'schema.ts', text: fileText(moduleText(declarations, 'schema', () => 'schema')) }]
  const files = filesOf(declarations, split)
  const fileOf = new Map<string, string>()
  for (const [file, own] of files) for (const { name } of own) if (name !== undefined) fileOf.set(name, file)
  const modules = [...files].map(([file, own]) => ({
    path: `${file}.ts`,
    text: fileText(moduleText(own, file, (name) => fileOf.get(name) as string)),
  }))
  const index = [...files.keys()].map((file) => {
    const isEmpty = files.get(file)?.every(({ name }) => name === undefined)
    return isEmpty ? `import './${file}.js'` : `export * from './${file}.js'`
  })
  return [...modules, { path: 'index.ts', text: fileText(`${index.join('\n')}\n`) }]
}

/** The files by their names, each with its declarations; what is read at once goes from a file to those before it alone. */
function filesOf(declarations: readonly Declaration[], split: Split): Map<string, Declaration[]> {
  const files = new Map<string, Declaration[]>([
    ['metadata', []],
    ['types', []],
  ])
  const names = new Names(['metadata', 'types', 'objects', 'index'])
  const homes = new Map<string, string>()
  const bySchema = new Map<string, string>()
  const fileOfSchema = (schema: string): string => {
    const known = bySchema.get(schema) ?? freeName(names, camelCase(schema) || 'schema', 'Schema')
    bySchema.set(schema, known)
    return known
  }
  const later: Declaration[] = []
  const put = (file: string, one: Declaration) => {
    files.set(file, [...(files.get(file) ?? []), one])
    if (one.name !== undefined) homes.set(one.name, file)
  }
  for (const one of declarations) {
    const { place, schema, name, readsAtOnce, adds } = one
    if (place === 'metadata') put('metadata', one)
    else if (place === 'type') put('types', one)
    else {
      const read = [...readsAtOnce]
        .map((other) => homes.get(other))
        .filter((file) => file !== 'metadata' && file !== 'types')
      if (split === 'table') {
        if (name !== undefined) put(freeName(names, name, 'Table'), one)
        else if (adds !== undefined) put(homes.get(adds) as string, one)
        else later.push(one)
      } else {
        const file = fileOfSchema(schema)
        if (read.every((other) => other === file)) put(file, one)
        else {
          if (name !== undefined) homes.set(name, 'objects')
          later.push(one)
        }
      }
    }
  }
  for (const one of later) put('objects', one)
  for (const [file, own] of files) if (own.length === 0) files.delete(file)
  return files
}

/** The name of a file: names that differ in their case alone would be one file on some systems. */
function freeName(names: Names, wanted: string, kind: string): string {
  const plain = wanted.toLowerCase()
  if (!names.has(plain)) {
    names.take(plain)
    return wanted
  }
  const number = names.take(`${plain}${kind.toLowerCase()}`).slice(plain.length + kind.length)
  return `${wanted}${kind}${number}`
}

function moduleText(
  declarations: readonly Declaration[],
  file: string,
  fileOf: (name: string) => string,
): string {
  const core = new Set<string>()
  const others = new Map<string, Set<string>>()
  for (const { imports, reads } of declarations) {
    for (const name of imports) core.add(name)
    for (const name of reads) {
      const other = fileOf(name)
      if (other !== file) others.set(other, (others.get(other) ?? new Set()).add(name))
    }
  }
  const imported = [
    ...(core.size === 0 ? [] : [importText(core, '@espalier/core')]),
    ...[...others]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([other, names]) => importText(names, `./${other}.js`)),
  ]
  // What is added at once stands behind what it adds.
  const bodies = declarations.map(({ code, adds }, i) =>
    i === 0 || adds !== undefined
      ? code
      : `
${code}`,
  )
  return `${[...imported, ...(imported.length > 0 ? [''] : []), ...bodies].join('\n')}\n`
}

function importText(names: ReadonlySet<string>, from: string): string {
  const plain = (name: string) => name.replace(/^type /, '')
  const sorted = [...names].sort((a, b) => (plain(a) < plain(b) ? -1 : 1))
  const inLine = `import { ${sorted.join(', ')} } from '${from}'`
  return inLine.length <= 120
    ? inLine
    : `import {\n${sorted.map((name) => `  ${name},\n`).join('')}} from '${from}'`
}

const MARK = 'Written by "espalier pull"'

/** A text with its first line, by which it is known again. */
function fileText(body: string): string {
  return `// ${MARK} (${checksum(body)}), which writes it anew unless it was changed by hand.\n\n${body}`
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 12)
}

/** Whether a text is one that was written here: `changed` where somebody has changed it since. */
export function origin(text: string): 'pulled' | 'changed' | 'other' {
  const plain = text.replaceAll('\r\n', '\n')
  const match = /^\/\/ Written by "espalier pull" \(([0-9a-f]{12})\).*\n\n/.exec(plain)
  if (match === null) return 'other'
  return checksum(plain.slice(match[0].length)) === match[1] ? 'pulled' : 'changed'
}
