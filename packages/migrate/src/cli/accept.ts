import type { Command } from 'commander'
import { MigrationError } from '../errors.js'
import { revisionFiles } from '../history/files.js'
import { answer, type CommonOptions, command } from './command.js'
import { loadConfig } from './load-config.js'
import type { Terminal } from './terminal.js'

/** `espalier accept <ids…>`: writes into the lock file what revisions are as their files stand. */
export function acceptCommand(terminal: Terminal): Command {
  return command('accept', 'write into the lock file what revisions are as their files stand', [
    'espalier accept 7c1f    # it is ready; or it was edited, and the edit is harmless',
    'espalier accept --all   # all of them, and forget those whose files are gone',
  ])
    .argument('[targets...]', 'ids or the beginnings of ids')
    .option('--all', 'every revision')
    .action(async (targets: readonly string[], options: CommonOptions & { readonly all?: boolean }) => {
      if ((options.all === true) === targets.length > 0) {
        throw new MigrationError(
          'usage',
          'Name the revisions to accept, or give --all; "espalier check" lists them.',
        )
      }
      const { directory } = await loadConfig(options, terminal)
      const result = await revisionFiles({ directory }).accept(options.all === true ? 'all' : targets)
      const { accepted, forgotten } = result
      answer(terminal, options, result, () =>
        [
          ...(accepted.length > 0 ? [`accepted: ${accepted.join(', ')}`] : []),
          ...(forgotten.length > 0 ? [`forgotten: ${forgotten.join(', ')}`] : []),
          ...(accepted.length + forgotten.length === 0
            ? ['Nothing to do: the lock file says so already.']
            : []),
        ].join('\n'),
      )
    })
}
