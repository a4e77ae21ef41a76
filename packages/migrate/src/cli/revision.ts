import type { Command } from 'commander'
import { revisionFiles } from '../history/files.js'
import { answer, type CommonOptions, command } from './command.js'
import { loadConfig } from './load-config.js'
import type { Terminal } from './terminal.js'

interface Options extends CommonOptions {
  readonly message: string
  readonly parents?: readonly string[]
  readonly label?: readonly string[]
  readonly dependsOn?: readonly string[]
  readonly id?: string
}

/** `espalier revision -m …`: writes the file of a new revision, whose parent is the head. */
export function revisionCommand(terminal: Terminal): Command {
  return command('revision', 'write the file of a new revision', [
    'espalier revision -m "first tables"',
    'espalier revision -m "billing tables" --parents base --label billing   # a branch of its own',
    'espalier revision -m "invoices" --parents billing@head --depends-on 7c1f',
  ])
    .requiredOption('-m, --message <text>', 'what the revision changes')
    .option('-p, --parents <targets...>', 'what it builds on, in place of the head; base for a new beginning')
    .option('-l, --label <names...>', 'names of the branch that begins with it')
    .option('-d, --depends-on <ids...>', 'revisions of other branches that must be applied before it')
    .option('--id <id>', 'its id, in place of one that is made')
    .action(async ({ message, parents, label, dependsOn, id, ...options }: Options) => {
      const { directory, template } = await loadConfig(options, terminal)
      const made = await revisionFiles({ directory, template }).create({
        message,
        parents,
        labels: label,
        dependsOn,
        id,
      })
      answer(terminal, options, made, () => `Wrote ${made.file}`)
    })
}
