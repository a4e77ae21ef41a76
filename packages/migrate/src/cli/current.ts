import type { Command } from 'commander'
import { answer, type CommonOptions, command } from './command.js'
import { withMigrator } from './load-config.js'
import { colorsOf, type Terminal } from './terminal.js'

/** `espalier current`: where the database is. */
export function currentCommand(terminal: Terminal): Command {
  return command('current', 'say where the database is').action(async (options: CommonOptions) => {
    const state = await withMigrator(options, terminal, (migrator) => migrator.current())
    const { bold, yellow } = colorsOf(terminal)
    answer(terminal, options, state, () =>
      [
        ...state.heads.map(({ id, message }) => `${bold(id)} ${message}`),
        ...state.unknown.map(({ id, message }) => yellow(`${id} ${message} (not in the history)`)),
        `${state.applied} applied, ${state.pending.length} pending`,
      ].join('\n'),
    )
  })
}
