import { isEspalierError } from '@espalier/core'
import { Command, CommanderError } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import { MigrationError } from '../errors.js'
import { acceptCommand } from './accept.js'
import { branchesCommand } from './branches.js'
import { checkCommand } from './check.js'
import { CheckFailed } from './command.js'
import { completionCommand } from './completion.js'
import { currentCommand } from './current.js'
import { diagramCommand } from './diagram.js'
import { downgradeCommand } from './downgrade.js'
import { editCommand } from './edit.js'
import { graphCommand } from './graph.js'
import { headsCommand } from './heads.js'
import { historyCommand } from './history.js'
import { initCommand } from './init.js'
import { mergeCommand } from './merge.js'
import { pullCommand } from './pull.js'
import { revisionCommand } from './revision.js'
import { showCommand } from './show.js'
import { squashCommand } from './squash.js'
import { stampCommand } from './stamp.js'
import { colorsOf, processTerminal, type Terminal } from './terminal.js'
import { upgradeCommand } from './upgrade.js'

export type { Terminal }

/** What the `espalier` command answers to the shell. */
const EXIT = { done: 0, failed: 1, usage: 2, refused: 3 } as const

/**
 * Runs the `espalier` command with the given arguments (without `node` and the script) and answers its exit code: 0 if
 * it did what was asked, 1 if it could not, 2 if it was asked wrongly, 3 if a check came to a no. The answer goes to `out`, and nothing else;
 * progress in words too, unless `--json` is given. Errors go to `err`: one paragraph, with `--json` an object
 * `{ error: { code, message, … } }`, with `--debug` the stack.
 * @example
 * ```ts no-run
 * process.exitCode = await main(['upgrade', '--json'])
 * ```
 */
export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  // What commander says of wrong arguments; kept back, so that it can be said in JSON.
  let complaint = ''
  const program = new Command('espalier')
    .description('Migrations of a database, written as values.')
    .version(manifest.version)
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 asked wrongly, 3 a check came to a no.')
  for (const make of COMMANDS) program.addCommand(make(terminal))
  program.addCommand(completionCommand(terminal, program))
  for (const each of [program, ...program.commands]) {
    each.exitOverride().configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => {
        complaint += text
      },
    })
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return EXIT.done
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done
    if (error instanceof CommanderError && error.code === 'commander.help') {
      terminal.err(complaint.trimEnd())
      return EXIT.usage
    }
    if (error instanceof CheckFailed) return EXIT.refused
    const isUsage = error instanceof CommanderError
    const isWrong = isUsage || (error instanceof MigrationError && error.code === 'usage')
    const failure = isUsage ? new MigrationError('usage', complaint.trim().replace(/^error: /, '')) : error
    report(failure, args, terminal)
    return isWrong ? EXIT.usage : EXIT.failed
  }
}

const COMMANDS = [
  initCommand,
  revisionCommand,
  upgradeCommand,
  downgradeCommand,
  currentCommand,
  historyCommand,
  headsCommand,
  branchesCommand,
  showCommand,
  graphCommand,
  mergeCommand,
  stampCommand,
  editCommand,
  checkCommand,
  acceptCommand,
  pullCommand,
  squashCommand,
  diagramCommand,
]

function report(error: unknown, args: readonly string[], terminal: Terminal): void {
  const { err } = terminal
  const message = error instanceof Error ? error.message : String(error)
  if (args.includes('--json')) {
    const code = isEspalierError(error) ? error.code : 'unexpected'
    const { revision, file, operation, description, sql } = (
      error instanceof MigrationError ? error : {}
    ) as Partial<MigrationError>
    err(JSON.stringify({ error: { code, message, revision, file, operation, description, sql } }, null, 2))
  } else err(`${colorsOf(terminal).red('error:')} ${message}`)
  if (args.includes('--debug') && error instanceof Error) err(stacks(error))
}

function stacks(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stacks(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}
