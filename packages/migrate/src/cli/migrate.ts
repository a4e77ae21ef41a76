import type { Command } from 'commander'
import type { OnProgress } from '../run/progress.js'
import type { MigrationResult } from '../run/result.js'
import { answer, type CommonOptions, command } from './command.js'
import { withMigrator } from './load-config.js'
import { colorsOf, type Terminal } from './terminal.js'

interface Options extends CommonOptions {
  readonly sql?: boolean
  readonly dryRun?: boolean
}

/** What `upgrade` and `downgrade` have in common. */
export function migrationCommand(
  direction: 'up' | 'down',
  name: string,
  description: string,
  terminal: Terminal,
): Command {
  return command(name, description)
    .option('--sql', 'write the SQL as a script instead of running it; code in a revision is an error')
    .option('--dry-run', 'show the SQL instead of running it')
    .action(async (target: string, options: Options) => {
      if (options.sql === true || options.dryRun === true) {
        const lenient = options.sql !== true
        const sql = await withMigrator(options, terminal, (migrator) =>
          migrator.script(direction, target, { lenient }),
        )
        answer(terminal, options, { direction, target, sql }, () => sql.trimEnd() || '-- nothing to do')
        return
      }
      const onProgress = options.json === true ? undefined : progress(terminal)
      const result = await withMigrator(
        options,
        terminal,
        (migrator) => (direction === 'up' ? migrator.upgrade(target) : migrator.downgrade(target)),
        onProgress,
      )
      answer(terminal, options, result, () => summary(result))
    })
}

/** One line for each revision, and for whatever is worth knowing. */
function progress(terminal: Terminal): OnProgress {
  const { out, err } = terminal
  const colors = colorsOf(terminal)
  return (event) => {
    switch (event.kind) {
      case 'revision':
        out(
          `${event.direction === 'up' ? 'applying' : 'undoing'} ${colors.bold(event.revision)} ${event.message}` +
            colors.dim(` (${event.number} of ${event.total})`),
        )
        return
      case 'operation':
        out(colors.dim(`  ${event.description}`))
        return
      case 'done':
        out(colors.green(`  done in ${event.durationMs} ms`))
        return
      case 'skipped':
        out('  another runner has done this meanwhile')
        return
      case 'waiting':
        err(`waiting for another runner (${Math.round(event.waitedMs / 1000)} s)`)
        return
      case 'edited':
        err(colors.yellow(`warning: revision ${event.revision} is not what it was when it was applied`))
    }
  }
}

function summary({ revisions, skipped, heads }: MigrationResult): string {
  const place = heads.length === 0 ? 'No revision is applied.' : `The database is at ${heads.join(', ')}.`
  return revisions.length + skipped.length === 0 ? `Nothing to do. ${place}` : place
}
