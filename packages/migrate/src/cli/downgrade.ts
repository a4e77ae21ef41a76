import type { Command } from 'commander'
import { migrationCommand } from './migrate.js'
import type { Terminal } from './terminal.js'

/** `espalier downgrade <target>`: undoes what is above a target. */
export function downgradeCommand(terminal: Terminal): Command {
  return migrationCommand('down', 'downgrade', 'undo revisions down to a target', terminal, [
    'espalier downgrade -1              # the last one',
    'espalier downgrade 7c1f            # what is above a revision',
    'espalier downgrade billing@base    # one branch, and what depends on it',
    'espalier downgrade base --dry-run  # show what would be done',
    'espalier downgrade --sql head:base # the script for a database that is at the head',
  ]).argument('<target>', 'base, an id or the beginning of one, a label, -1, label@base, 7c1f-2')
}
