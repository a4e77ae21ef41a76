import type { Command } from 'commander'
import { migrationCommand } from './migrate.js'
import type { Terminal } from './terminal.js'

/** `espalier upgrade [target]`: applies what leads to a target. */
export function upgradeCommand(terminal: Terminal): Command {
  return migrationCommand('up', 'upgrade', 'apply revisions up to a target', terminal).argument(
    '[target]',
    'head, an id or the beginning of one, or +1',
    'head',
  )
}
