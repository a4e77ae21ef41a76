import type { Command } from 'commander'
import { answer, type CommonOptions, command } from './command.js'
import { withMigrator } from './load-config.js'
import type { Terminal } from './terminal.js'

/** `espalier stamp <targets…>`: says where the database is, without running anything. */
export function stampCommand(terminal: Terminal): Command {
  return command('stamp', 'say where the database is, without running anything', [
    'espalier stamp head           # its tables were made in another way',
    'espalier stamp --purge 7c1f   # forget what it says now, also what no file is known of',
  ])
    .argument('<targets...>', 'head, heads, base, an id or the beginning of one, a label')
    .option('--purge', 'forget first what the database says, also of revisions that are not known')
    .action(async (targets: readonly string[], options: CommonOptions & { readonly purge?: boolean }) => {
      const result = await withMigrator(options, terminal, (migrator) =>
        migrator.stamp(targets, { purge: options.purge === true }),
      )
      const { added, removed, heads } = result
      answer(terminal, options, result, () =>
        [
          ...(added.length > 0 ? [`counts as applied now: ${added.join(', ')}`] : []),
          ...(removed.length > 0 ? [`does not count as applied any more: ${removed.join(', ')}`] : []),
          heads.length === 0 ? 'No revision is applied.' : `The database is at ${heads.join(', ')}.`,
        ].join('\n'),
      )
    })
}
