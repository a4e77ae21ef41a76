import type { Command } from 'commander'
import { revisionFiles } from '../history/files.js'
import { answer, type CommonOptions, command } from './command.js'
import { lineOf } from './lines.js'
import { loadConfig } from './load-config.js'
import type { Terminal } from './terminal.js'

/** `espalier branches`: the revisions on which several build, with these. Asks no database. */
export function branchesCommand(terminal: Terminal): Command {
  return command('branches', 'list the revisions on which several others build').action(
    async (options: CommonOptions) => {
      const { directory } = await loadConfig(options, terminal)
      const all = await revisionFiles({ directory }).list()
      const byId = new Map(all.map((revision) => [revision.id, revision]))
      const points = all.filter(({ children }) => children.length > 1)
      answer(terminal, options, points, () =>
        points.length === 0
          ? 'There are no branches.'
          : points
              .flatMap((point) => [
                lineOf(point, terminal),
                ...point.children.flatMap((id) => {
                  const child = byId.get(id)
                  return child === undefined ? [] : [`  -> ${lineOf(child, terminal)}`]
                }),
              ])
              .join('\n'),
      )
    },
  )
}
