import type { Command } from 'commander'
import { revisionFiles } from '../history/files.js'
import { answer, CheckFailed, type CommonOptions, command } from './command.js'
import { loadConfig } from './load-config.js'
import { colorsOf, type Terminal } from './terminal.js'

/** `espalier check`: whether the files are what the lock file says, and lead to one head. Asks no database. */
export function checkCommand(terminal: Terminal): Command {
  return command('check', 'check the revision files against the lock file, and that they lead to one head', [
    'espalier check || exit 1   # before a merge: 3 says that something is not as it should be',
  ]).action(async (options: CommonOptions) => {
    const { directory } = await loadConfig(options, terminal)
    const report = await revisionFiles({ directory }).check()
    const { yellow, green } = colorsOf(terminal)
    const { problems, revisions } = report
    answer(terminal, options, report, () =>
      problems.length === 0
        ? green(`All is well with ${revisions} ${revisions === 1 ? 'revision' : 'revisions'}.`)
        : problems.map(({ kind, message }) => `${yellow(`${kind}:`)} ${message}`).join('\n'),
    )
    if (problems.length > 0) throw new CheckFailed()
  })
}
