import { spawn } from 'node:child_process'
import type { Command } from 'commander'
import { MigrationError } from '../errors.js'
import { revisionFiles } from '../history/files.js'
import { answer, type CommonOptions, command } from './command.js'
import { loadConfig } from './load-config.js'
import type { Terminal } from './terminal.js'

/** `espalier edit [target]`: opens the file of a revision in the editor of the environment. */
export function editCommand(terminal: Terminal): Command {
  return command('edit', 'open the file of a revision in $VISUAL or $EDITOR', [
    'espalier edit',
    'espalier edit 7c1f',
  ])
    .argument('[target]', 'head, an id or the beginning of one, a label', 'head')
    .action(async (target: string, options: CommonOptions) => {
      const { directory } = await loadConfig(options, terminal)
      const { id, file } = await revisionFiles({ directory }).show(target)
      const editor = process.env.VISUAL || process.env.EDITOR || 'vi'
      const code = await open(editor, file as string)
      if (code !== 0) {
        throw new MigrationError(
          'editor_failed',
          `The editor (${editor}) ended with the exit code ${code}.`,
          { file },
        )
      }
      answer(terminal, options, { id, file }, () => `Edited ${file}`)
    })
}

/** The editor may be a command with arguments: `code --wait`. */
function open(editor: string, file: string): Promise<number> {
  const quoted = process.platform === 'win32' ? `"${file}"` : `'${file.replaceAll("'", "'\\''")}'`
  return new Promise((resolve) => {
    const child = spawn(`${editor} ${quoted}`, { stdio: 'inherit', shell: true })
    child.on('error', () => resolve(127))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
