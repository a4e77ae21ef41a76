import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * How examples are written in README.md, docs/**.md and doc comments
 *
 * - A block that begins with ```ts is type-checked, run on SQLite and run on PGlite. Around it are the tables and values
 *   of preamble.ts (`users`, `posts`, `db`, …) and every export of the packages: it imports only names that two
 *   of them export, or what it wants to show. Whatever it declares itself comes before those.
 * - ```ts continued goes on after the block before it in the same file; ```ts no-run is type-checked only (it needs a
 *   server, or a file); ```ts fragment is part of a program and only looked at by people. The last two are counted.
 * - A comment behind an expression that stands alone, on its line or on the lines below it, says what it is:
 *     lower(users.email) // lower("users"."email")
 *   Of an expression or a statement that is its SQL in PostgreSQL. Lines that begin with `PostgreSQL:` or `SQLite:` say
 *   it for that database. `…` stands for anything; what follows ` — ` is a remark. A comment behind a statement that
 *   does not begin like SQL is a remark as a whole.
 *   Of any other value it is the value, if it can be read as JavaScript: 5, 'text', [{ id: 1n }].
 * - A statement that stands alone and lacks nothing is run, in a transaction that is rolled back.
 */

/** An example as it stands in a file. */
export interface Block {
  readonly file: string
  /** The number of its first line of code. */
  readonly line: number
  readonly code: string
  readonly mode: 'run' | 'check' | 'look'
  /** Number of lines, at the beginning of `code`, that belong to the blocks before. */
  readonly before: number
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Every example of the project. */
export function allBlocks(): Block[] {
  return documentedFiles().flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    return blocksOf(file, file.endsWith('.md') ? text : onlyDocComments(text))
  })
}

function documentedFiles(): string[] {
  const sources = ['core', 'dialects', 'migrate'].flatMap((name) => filesBelow(`packages/${name}/src`, '.ts'))
  const pages = filesBelow('docs', '.md')
  return [...readdirSync(root).filter((name) => name === 'README.md'), ...pages, ...sources]
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules'))
    .sort()
}

/** A source with every line empty that is not in a doc comment, and without the stars of those. */
export function onlyDocComments(text: string): string {
  let inside = false
  return text
    .split('\n')
    .map((line) => {
      if (/^\s*\/\*\*/.test(line)) inside = true
      const content = inside ? line.replace(/^\s*(\/\*\*|\*\/|\*) ?/, '').replace(/\*\/\s*$/, '') : ''
      if (line.includes('*/')) inside = false
      return content
    })
    .join('\n')
}

/** The examples of a text, which may be indented as a whole. */
export function blocksOf(file: string, text: string): Block[] {
  const blocks: Block[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const fence = /^(\s*)```(?:ts|typescript)(?:\s+(.*?))?\s*$/.exec(lines[at]!)
    if (fence === null) continue
    const end = lines.findIndex((line, i) => i > at && /^\s*```\s*$/.test(line))
    if (end < 0) throw new Error(`${file}:${at + 1}: this block has no end`)
    const own = lines.slice(at + 1, end).map((line) => line.replace(fence[1]!, ''))
    const words = (fence[2] ?? '').split(/\s+/).filter((word) => word !== '')
    const unknown = words.find((word) => !['continued', 'no-run', 'fragment'].includes(word))
    if (unknown !== undefined)
      throw new Error(`${file}:${at + 1}: '${unknown}' is nothing that a block can be`)
    const previous = words.includes('continued') ? blocks.at(-1) : undefined
    if (words.includes('continued') && previous === undefined)
      throw new Error(`${file}:${at + 1}: there is no block that this one could continue`)
    blocks.push({
      file,
      line: at + 2,
      code: [...(previous === undefined ? [] : [previous.code]), ...own].join('\n'),
      mode: words.includes('fragment') ? 'look' : words.includes('no-run') ? 'check' : 'run',
      before: previous === undefined ? 0 : previous.code.split('\n').length,
    })
    at = end
  }
  return blocks
}

/** `file:line` of a line of a block's code, counted from 0. */
export function placeOf(block: Block, line: number): string {
  return `${block.file}:${block.line + Math.max(0, line - block.before)}`
}
