import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { readDirectory } from '../history/directory.js'
import { createHistory } from '../history/history.js'
import { fileName, fileText, newId } from '../history/new-file.js'
import { findRevision, onlyHead } from '../history/target.js'
import { answer, type CommonOptions, command } from './command.js'
import { loadConfig } from './load-config.js'
import type { Terminal } from './terminal.js'

interface Options extends CommonOptions {
  readonly message: string
  readonly parents?: readonly string[]
}

/** `espalier revision -m …`: writes the file of a new revision, whose parent is the head. */
export function revisionCommand(terminal: Terminal): Command {
  return command('revision', 'write the file of a new revision')
    .requiredOption('-m, --message <text>', 'what the revision changes')
    .option('-p, --parents <ids...>', 'what it builds on, in place of the head')
    .action(async (options: Options) => {
      const { directory } = await loadConfig(options, terminal)
      await mkdir(directory, { recursive: true })
      const history = createHistory(await readDirectory(directory))
      const parents = options.parents?.map((id) => findRevision(history, id).id) ?? onlyHead(history)
      const id = newId((other) => history.get(other) !== undefined)
      const others = history.entries.map((entry) => basename(entry.file ?? ''))
      const file = join(directory, fileName(options.message, new Date(), others))
      await writeFile(file, fileText(id, parents, options.message), { flag: 'wx' })
      answer(terminal, options, { id, parents, message: options.message, file }, () => `Wrote ${file}`)
    })
}
