import type { Command } from 'commander'
import { revisionFiles } from '../history/files.js'
import { answer, type CommonOptions, command } from './command.js'
import { loadConfig } from './load-config.js'
import type { Terminal } from './terminal.js'

interface Options extends CommonOptions {
  readonly message?: string
  readonly label?: readonly string[]
  readonly id?: string
}

/** `espalier merge`: writes a revision that joins the heads. */
export function mergeCommand(terminal: Terminal): Command {
  return command('merge', 'write a revision that joins the heads, and does nothing else', [
    'espalier merge',
    'espalier merge 7c1f 2b7e -m "billing and search"',
  ])
    .argument('[targets...]', 'what it joins, in place of all heads')
    .option('-m, --message <text>', 'its message')
    .option('-l, --label <names...>', 'names of the branch that begins with it')
    .option('--id <id>', 'its id, in place of one that is made')
    .action(async (targets: readonly string[], { message, label, id, ...options }: Options) => {
      const { directory, template } = await loadConfig(options, terminal)
      const made = await revisionFiles({ directory, template }).merge({
        ...(targets.length > 0 && { parents: targets }),
        ...(message !== undefined && { message }),
        labels: label,
        id,
      })
      answer(terminal, options, made, () => `Wrote ${made.file}, which joins ${made.parents.join(' and ')}.`)
    })
}
