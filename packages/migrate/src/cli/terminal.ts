import pc from 'picocolors'

/** Where a command reads its place from and writes its answer to. */
export interface Terminal {
  readonly cwd: string
  /** The answer. */
  out(text: string): void
  /** Progress, warnings and errors. */
  err(text: string): void
  /** Whether what is written may be coloured. */
  readonly isColored: boolean
}

/** Functions that colour a text for a terminal, or leave it as it is. */
export function colorsOf(terminal: Terminal): ReturnType<typeof pc.createColors> {
  return pc.createColors(terminal.isColored)
}

/** The terminal of this process. Colours only where a terminal shows them, and `NO_COLOR` does not forbid them. */
export function processTerminal(): Terminal {
  const forced = process.env.FORCE_COLOR !== undefined && process.env.FORCE_COLOR !== '0'
  return {
    cwd: process.cwd(),
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    isColored: process.env.NO_COLOR ? false : forced || process.stdout.isTTY === true,
  }
}
