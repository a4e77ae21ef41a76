import type { Command } from 'commander'
import { revisionFiles } from '../history/files.js'
import { reverseOf } from '../history/revision.js'
import { answer, type CommonOptions, command } from './command.js'
import { loadConfig } from './load-config.js'
import { colorsOf, type Terminal } from './terminal.js'

/** `espalier show <target>`: what a revision is and does. Asks no database. */
export function showCommand(terminal: Terminal): Command {
  return command('show', 'say what a revision is and does', [
    'espalier show head',
    'espalier show 7c1f',
    'espalier show billing@head',
  ])
    .argument('<target>', 'head, an id or the beginning of one, a label')
    .action(async (target: string, options: CommonOptions) => {
      const { directory } = await loadConfig(options, terminal)
      const revision = await revisionFiles({ directory }).show(target)
      const reverse = reverseOf(revision)
      const list = (operations: readonly { readonly kind: string; readonly description: string }[]) =>
        operations.map(({ kind, description }) => ({ kind, description }))
      const shown = {
        ...revision,
        up: list(revision.up),
        down: 'obstacles' in reverse ? null : list(reverse),
        obstacles:
          'obstacles' in reverse
            ? reverse.obstacles.map(({ number, irreversible }) => ({ operation: number, irreversible }))
            : [],
      }
      const { bold, dim, yellow } = colorsOf(terminal)
      const field = (name: string, value: string) =>
        value === '' ? [] : [`${dim(`${name}:`.padEnd(11))}${value}`]
      const numbered = (operations: readonly { readonly description: string }[]) =>
        operations.length === 0
          ? ['  nothing']
          : operations.map(({ description }, i) => `  ${i + 1}. ${description}`)
      answer(terminal, options, shown, () =>
        [
          `${bold(shown.id)} ${shown.message}`,
          ...field('parents', shown.parents.join(', ') || 'none: a base'),
          ...field('depends on', shown.dependsOn.join(', ')),
          ...field('labels', shown.labels.join(', ')),
          ...field('replaces', shown.replaces.join(', ')),
          ...field('file', shown.file ?? ''),
          'up:',
          ...numbered(shown.up),
          'down:',
          ...(shown.down === null
            ? shown.obstacles.map((one) =>
                yellow(`  operation ${one.operation} cannot be undone: ${one.irreversible}`),
              )
            : numbered(shown.down)),
        ].join('\n'),
      )
    })
}
