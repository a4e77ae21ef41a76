import { basename } from 'node:path'
import type { Command } from 'commander'
import { squash } from '../run/squash.js'
import { answer, type CommonOptions, command } from './command.js'
import { loadConfig, withDatabase } from './load-config.js'
import { colorsOf, type Terminal } from './terminal.js'

interface Options extends CommonOptions {
  readonly message?: string
  readonly id?: string
  readonly skipCode?: boolean
}

/** `espalier squash [target]`: writes one revision that stands for all up to a target. */
export function squashCommand(terminal: Terminal): Command {
  return command('squash', 'write a baseline: one revision that stands for all up to a target', [
    'espalier squash          # the whole history',
    'espalier squash 7c1f     # up to a revision; the later ones build on the baseline',
  ])
    .argument('[target]', 'an id or the beginning of one, a label; the head if left out')
    .option('-m, --message <text>', 'its message')
    .option('--id <id>', 'its id, in place of one that is made')
    .option('--skip-code', 'leave out operations that are code, which no statement can say')
    .action(async (target: string | undefined, { message, id, skipCode, ...options }: Options) => {
      const { directory } = await loadConfig(options, terminal)
      const result = await withDatabase(options, terminal, ({ dialect }) =>
        squash({ directory, dialect, target, message, id, skipCode }),
      )
      const { yellow } = colorsOf(terminal)
      const { file, replaces, files, statements, skipped, reversible } = result
      answer(terminal, options, result, () =>
        [
          `Wrote ${file}, with ${statements} statements, which stands for ${replaces.length} revisions.`,
          ...skipped.map((one) => yellow(`left out, since it is code: ${one}`)),
          ...(reversible ? [] : [yellow('It cannot be undone, since not all of these can.')]),
          'When every database has it, these files can be deleted:',
          ...files.map((one) => `  ${basename(one)}`),
        ].join('\n'),
      )
    })
}
