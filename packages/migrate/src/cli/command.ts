import { Command } from 'commander'
import type { Terminal } from './terminal.js'

/** Options that every command takes. */
export interface CommonOptions {
  readonly config?: string
  readonly json?: boolean
  readonly debug?: boolean
}

/** A command with the options that all have; its help ends with the examples. */
export function command(name: string, description: string, examples: readonly string[] = []): Command {
  return new Command(name)
    .description(description)
    .addHelpText(
      'after',
      examples.length === 0 ? '' : `\nExamples:\n${examples.map((one) => `  ${one}`).join('\n')}`,
    )
    .option('-c, --config <file>', 'the configuration file (default: espalier.config.ts)')
    .option('--json', 'answer in JSON')
    .option('--debug', 'show the stack of an error')
}

/** Writes the answer: as JSON, or as text for people. */
export function answer(terminal: Terminal, options: CommonOptions, value: unknown, text: () => string): void {
  terminal.out(options.json === true ? JSON.stringify(value, null, 2) : text())
}

/** A check that came to a no, of which everything was said already: the exit code 3. */
export class CheckFailed extends Error {}
