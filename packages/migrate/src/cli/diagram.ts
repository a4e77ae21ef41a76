import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, extname, relative, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type DiagramFormat, type DrawnColumns, diagram } from '../diagram/index.js'
import { readCatalog, type SelectionOptions, withSelection } from './catalog.js'
import { answer, command } from './command.js'
import { colorsOf, type Terminal } from './terminal.js'

interface Options extends SelectionOptions {
  readonly format?: DiagramFormat
  readonly out?: string
  readonly title?: string
  readonly columns: DrawnColumns
  readonly views?: boolean
  readonly near?: readonly string[]
  readonly distance: number
}

const EXAMPLES = [
  'espalier diagram --out schema.svg              # a picture',
  'espalier diagram --near users --distance 2     # what is around a table',
  'espalier diagram --columns keys --out docs/schema.mmd',
  'espalier diagram --format dot | dot -Tpdf -o schema.pdf',
]

/** `espalier diagram`: draws the schema of the database. */
export function diagramCommand(terminal: Terminal): Command {
  return withSelection(command('diagram', 'draw the schema of the database', EXAMPLES))
    .option('--near <tables...>', 'only these tables and those around them')
    .option('--distance <number>', 'over how many references, with --near', wholeNumber, 1)
    .addOption(
      new Option('--columns <which>', 'which columns are drawn')
        .choices(['all', 'keys', 'none'])
        .default('all'),
    )
    .option('--views', 'draw views, too')
    .option('--title <text>', 'what stands above it')
    .addOption(
      new Option('-f, --format <format>', 'svg unless --out says another by its ending').choices([
        'svg',
        'mermaid',
        'dot',
      ]),
    )
    .option('-o, --out <file>', 'the file; without it, the text is the answer')
    .action(async (options: Options) => {
      const { out, title, columns, views, near, distance } = options
      const format = options.format ?? ENDINGS[extname(out ?? '')] ?? 'svg'
      const catalog = await readCatalog(options, terminal, near === undefined ? {} : { near, distance })
      const text = diagram(catalog, { format, title, columns, views })
      if (out === undefined) {
        answer(terminal, options, { format, diagram: text }, () => text.trimEnd())
        return
      }
      const path = resolve(terminal.cwd, out)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
      const file = relative(terminal.cwd, path) || path
      answer(terminal, options, { format, file }, () => `Wrote ${colorsOf(terminal).bold(file)}.`)
    })
}

const ENDINGS: Readonly<Record<string, DiagramFormat>> = {
  '.svg': 'svg',
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.dot': 'dot',
  '.gv': 'dot',
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is a whole number.')
}
