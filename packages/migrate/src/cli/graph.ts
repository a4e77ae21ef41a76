import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { DRAWING_FORMATS, type DrawingFormat, type DrawnRevision, drawHistory } from '../history/drawing.js'
import { revisionFiles } from '../history/files.js'
import { answer, type CommonOptions, command } from './command.js'
import { loadConfig, withMigrator } from './load-config.js'
import { colorsOf, type Terminal } from './terminal.js'

interface Options extends CommonOptions {
  readonly format: DrawingFormat
  readonly range?: string
  readonly applied?: boolean
  readonly out?: string
}

/** `espalier graph`: draws the history. Asks the database only with `--applied`. */
export function graphCommand(terminal: Terminal): Command {
  return command('graph', 'draw the history, the newest revision first', [
    'espalier graph --applied',
    'espalier graph --format svg --out history.svg',
    'espalier graph --format mermaid --range 7c1f:',
  ])
    .addOption(new Option('-f, --format <format>', 'its form').choices([...DRAWING_FORMATS]).default('text'))
    .option('-r, --range <from:to>', 'only the revisions between two targets')
    .option('-a, --applied', 'mark what the database has applied')
    .option('-o, --out <file>', 'write it into a file')
    .action(async (options: Options) => {
      const { format, range, out } = options
      const revisions = await drawn(options, terminal)
      const drawing = drawHistory(revisions, format) || 'There are no revisions.'
      if (out === undefined) {
        answer(terminal, options, { format, range, drawing }, () =>
          format === 'text' ? coloured(drawing, terminal) : drawing,
        )
        return
      }
      const file = resolve(terminal.cwd, out)
      await writeFile(file, `${drawing}\n`)
      answer(terminal, options, { format, range, file }, () => `Wrote ${file}`)
    })
}

async function drawn(options: Options, terminal: Terminal): Promise<readonly DrawnRevision[]> {
  if (options.applied !== true) {
    const { directory } = await loadConfig(options, terminal)
    return revisionFiles({ directory }).list(options.range)
  }
  const states = await withMigrator(options, terminal, (migrator) => migrator.history(options.range))
  return states.map((state) => ({ ...state, isApplied: state.applied !== undefined }))
}

function coloured(drawing: string, terminal: Terminal): string {
  const { bold, yellow } = colorsOf(terminal)
  return drawing.replaceAll(
    /^([^\p{L}\p{N}]*)(\w+)/gmu,
    (_, lanes: string, id: string) => yellow(lanes) + bold(id),
  )
}
