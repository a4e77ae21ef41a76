import type { Command } from 'commander'
import { MigrationError } from '../errors.js'
import { revisionFiles } from '../history/files.js'
import type { OnProgress } from '../run/progress.js'
import type { MigrationPlan, MigrationResult } from '../run/result.js'
import { answer, type CommonOptions, command } from './command.js'
import { loadConfig, withMigrator } from './load-config.js'
import { colorsOf, type Terminal } from './terminal.js'

interface Options extends CommonOptions {
  readonly sql?: boolean
  readonly dryRun?: boolean
  readonly locked?: boolean
}

/** What `upgrade` and `downgrade` have in common. */
export function migrationCommand(
  direction: 'up' | 'down',
  name: string,
  description: string,
  terminal: Terminal,
  examples: readonly string[],
): Command {
  return command(name, description, examples)
    .option('--sql', 'write the SQL as a script instead of running it; code in a revision is an error')
    .option('--dry-run', 'show what would be done: operations, their SQL, and what cannot be undone')
    .action(async (given: string | readonly string[], options: Options) => {
      const targets = typeof given === 'string' ? [given] : given
      if (options.sql === true) {
        const target = targets.length === 1 ? (targets[0] as string) : 'heads'
        if (targets.length > 1)
          throw new MigrationError('usage', '--sql takes one target, or a range: 7c1f:head.')
        const sql = await withMigrator(options, terminal, (migrator) => migrator.script(direction, target))
        answer(terminal, options, { direction, target, sql }, () => sql.trimEnd() || '-- nothing to do')
        return
      }
      if (options.dryRun === true) {
        const plan = await withMigrator(options, terminal, (migrator) => migrator.plan(direction, targets))
        answer(terminal, options, plan, () => planText(plan, terminal))
        return
      }
      const onProgress = options.json === true ? undefined : progress(terminal)
      const result = await withMigrator(
        options,
        terminal,
        (migrator) =>
          direction === 'up' ? migrator.upgrade(targets) : migrator.downgrade(targets[0] as string),
        onProgress,
      )
      if (direction === 'up') await seal(options, terminal, result)
      answer(terminal, options, result, () => summary(result))
    })
}

/** A revision that was applied is not to be edited any more, so the lock file holds it from now on. */
async function seal(options: Options, terminal: Terminal, { revisions }: MigrationResult): Promise<void> {
  if (revisions.length === 0) return
  const { directory } = await loadConfig(options, terminal)
  try {
    await revisionFiles({ directory }).seal(revisions.map(({ id }) => id))
  } catch (error) {
    terminal.err(`warning: the lock file could not be written: ${(error as Error).message}`)
  }
}

function planText({ direction, revisions }: MigrationPlan, terminal: Terminal): string {
  if (revisions.length === 0) return 'Nothing to do.'
  const { bold, dim, yellow } = colorsOf(terminal)
  const lines = revisions.flatMap(({ id, message, adopts, operations }, i) => [
    `${i + 1}. ${direction === 'up' ? 'apply' : 'undo'} ${bold(id)} ${message}`,
    ...(adopts ? ['   written down alone: what it stands for is applied'] : []),
    ...(operations.length === 0 && !adopts ? ['   nothing to run'] : []),
    ...operations.flatMap(({ description, sql, isCode, irreversible }) => [
      `   ${description}${direction === 'up' && irreversible !== undefined ? yellow(' (cannot be undone by itself)') : ''}`,
      ...sql.map((text) => dim(`     ${text.replaceAll('\n', '\n     ')};`)),
      ...(isCode ? [dim('     (code)')] : []),
    ]),
  ])
  const stuck = revisions.filter(({ reversible }) => !reversible).map(({ id }) => id)
  const warning =
    direction === 'up' && stuck.length > 0 ? [yellow(`There is no way back from ${stuck.join(', ')}.`)] : []
  return [...lines, ...warning, 'Nothing was run.'].join('\n')
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
      case 'adopted':
        out(
          `  ${colors.bold(event.revision)} counts as applied: the ${event.replaces.length} revisions that it replaces are`,
        )
        return
      case 'waiting':
        err(`waiting for another runner (${Math.round(event.waitedMs / 1000)} s)`)
        return
      case 'edited':
        err(
          colors.yellow(
            `warning: revision ${event.revision} is not what it was when it was applied; it is not run again. ` +
              `Undo the edit; or, if it is harmless, "espalier accept ${event.revision}".`,
          ),
        )
    }
  }
}

function summary({ revisions, skipped, adopted, heads }: MigrationResult): string {
  const place = heads.length === 0 ? 'No revision is applied.' : `The database is at ${heads.join(', ')}.`
  return revisions.length + skipped.length + adopted.length === 0 ? `Nothing to do. ${place}` : place
}
