import type { Command } from 'commander'
import type { RevisionState } from '../run/state.js'
import { answer, type CommonOptions, command } from './command.js'
import { withMigrator } from './load-config.js'
import { colorsOf, type Terminal } from './terminal.js'

/** `espalier history`: every revision, the first one first, and whether it is applied. */
export function historyCommand(terminal: Terminal): Command {
  return command('history', 'list the revisions, the first one first').action(
    async (options: CommonOptions) => {
      const states = await withMigrator(options, terminal, (migrator) => migrator.history())
      answer(terminal, options, states, () =>
        states.length === 0
          ? 'There are no revisions.'
          : states.map((state) => line(state, terminal)).join('\n'),
      )
    },
  )
}

function line({ id, message, applied, isHead, edited }: RevisionState, terminal: Terminal): string {
  const colors = colorsOf(terminal)
  const when =
    applied === undefined ? 'pending' : applied.appliedAt.toISOString().slice(0, 19).replace('T', ' ')
  const notes = [isHead ? 'head' : '', edited ? colors.yellow('edited since') : ''].filter(
    (note) => note !== '',
  )
  return `${colors.bold(id)} ${colors.dim(when.padEnd(19))} ${message}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`
}
