import pc from 'picocolors'

/** Where a command reads its place from and writes its answer to. */
export interface Terminal {
  readonly cwd: string
  /** The answer. */
  out(text: string): void
  /** Progress, warnings and errors. */
  err(text: string): void
  /** Colours, or none where nobody looks. */
  readonly colors: ReturnType<typeof pc.createColors>
}

/** The terminal of this process. Colours only where a terminal shows them, and `NO_COLOR` does not forbid them. */
export function processTerminal(): Terminal {
  const forced = process.env.FORCE_COLOR !== undefined && process.env.FORCE_COLOR !== '0'
  const colored = process.env.NO_COLOR ? false : forced || process.stdout.isTTY === true
  return {
    cwd: process.cwd(),
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    colors: pc.createColors(colored),
  }
}
