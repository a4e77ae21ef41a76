import type { Command } from 'commander'
import { answer, type CommonOptions, command } from './command.js'
import { lineOf, paragraphOf } from './lines.js'
import { withMigrator } from './load-config.js'
import type { Terminal } from './terminal.js'

interface Options extends CommonOptions {
  readonly range?: string
  readonly verbose?: boolean
}

/** `espalier history`: every revision, the first one first, and whether it is applied. */
export function historyCommand(terminal: Terminal): Command {
  return command('history', 'list the revisions, the first one first', [
    'espalier history --range -3:current   # the current one and three below it',
    'espalier history --range 7c1f: -v     # all above a revision, with all that is known of them',
  ])
    .option('-r, --range <from:to>', 'only those between two targets; -3:current counts from the other end')
    .option('-v, --verbose', 'all that is known of each')
    .action(async (options: Options) => {
      const states = await withMigrator(options, terminal, (migrator) => migrator.history(options.range))
      const show = options.verbose === true ? paragraphOf : lineOf
      answer(terminal, options, states, () =>
        states.length === 0
          ? 'There are no revisions.'
          : states.map((state) => show(state, terminal)).join('\n'),
      )
    })
}
