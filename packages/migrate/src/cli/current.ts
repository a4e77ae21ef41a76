import type { Command } from 'commander'
import { answer, CheckFailed, type CommonOptions, command } from './command.js'
import { withMigrator } from './load-config.js'
import { colorsOf, type Terminal } from './terminal.js'

interface Options extends CommonOptions {
  readonly verbose?: boolean
  readonly check?: boolean
}

/** `espalier current`: where the database is. */
export function currentCommand(terminal: Terminal): Command {
  return command('current', 'say where the database is', [
    'espalier current --check   # 3 if revisions are pending, or the database has others: for readiness probes',
  ])
    .option('-v, --verbose', 'also when, by which version and in what time, and what is pending')
    .option('--check', 'end with the exit code 3 if the database is not at the heads')
    .action(async (options: Options) => {
      const state = await withMigrator(options, terminal, (migrator) => migrator.current())
      const { bold, yellow, dim } = colorsOf(terminal)
      const more = ({ appliedAt, durationMs, version }: (typeof state.heads)[number]) =>
        options.verbose === true
          ? dim(
              ` applied ${appliedAt.toISOString().slice(0, 19).replace('T', ' ')}` +
                `${durationMs === null ? ', not run' : ` in ${durationMs} ms`}${version === null ? '' : ` by version ${version}`}`,
            )
          : ''
      answer(terminal, options, state, () =>
        [
          ...state.heads.map((head) => `${bold(head.id)} ${head.message}${more(head)}`),
          ...state.unknown.map(({ id, message }) => yellow(`${id} ${message} (not in the history)`)),
          ...state.unfinished.map(({ id, direction, done }) =>
            yellow(`${id} is not finished: ${done} of its operations are done, on the way ${direction}`),
          ),
          `${state.applied} applied, ${state.pending.length} pending`,
          ...(options.verbose === true ? state.pending.map((id) => `  ${id} is pending`) : []),
        ].join('\n'),
      )
      if (options.check === true && state.pending.length + state.unknown.length + state.unfinished.length > 0)
        throw new CheckFailed()
    })
}
