import type { Command } from 'commander'
import { migrationCommand } from './migrate.js'
import type { Terminal } from './terminal.js'

/** `espalier downgrade <target>`: undoes what is above a target. */
export function downgradeCommand(terminal: Terminal): Command {
  return migrationCommand('down', 'downgrade', 'undo revisions down to a target', terminal).argument(
    '<target>',
    'base, an id or the beginning of one, or -1',
  )
}
