import type { Command } from 'commander'
import { migrationCommand } from './migrate.js'
import type { Terminal } from './terminal.js'

/** `espalier upgrade [targets…]`: applies what leads to targets. */
export function upgradeCommand(terminal: Terminal): Command {
  return migrationCommand('up', 'upgrade', 'apply revisions up to a target', terminal, [
    'espalier upgrade                   # to the head',
    'espalier upgrade +1                # the next one',
    'espalier upgrade billing@head      # one branch, and what it depends on',
    'espalier upgrade --dry-run         # show what would be done',
    'espalier upgrade --sql 7c1f:head   # the script for a database that is at 7c1f',
  ])
    .argument('[targets...]', 'head, heads, an id or the beginning of one, a label, +1, label@head, 7c1f+2', [
      'head',
    ])
    .option('--locked', 'refuse where the files are not what the lock file says: for production')
}
