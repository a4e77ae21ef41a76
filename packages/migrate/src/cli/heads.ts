import type { Command } from 'commander'
import { revisionFiles } from '../history/files.js'
import { answer, type CommonOptions, command } from './command.js'
import { lineOf, paragraphOf } from './lines.js'
import { loadConfig } from './load-config.js'
import type { Terminal } from './terminal.js'

/** `espalier heads`: the revisions on which no other builds. Asks no database. */
export function headsCommand(terminal: Terminal): Command {
  return command('heads', 'list the revisions on which no other builds', ['espalier heads --verbose'])
    .option('-v, --verbose', 'all that is known of each')
    .action(async (options: CommonOptions & { readonly verbose?: boolean }) => {
      const { directory } = await loadConfig(options, terminal)
      const heads = (await revisionFiles({ directory }).list()).filter(({ isHead }) => isHead)
      const show = options.verbose === true ? paragraphOf : lineOf
      answer(
        terminal,
        options,
        heads,
        () => heads.map((head) => show(head, terminal)).join('\n') || 'There are no revisions.',
      )
    })
}
