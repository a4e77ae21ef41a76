import { main } from '@espalier/migrate/cli'

/** What a command came to. */
export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command within this process. */
export async function runCommand(cwd: string, args: readonly string[]): Promise<Outcome> {
  let out = ''
  let err = ''
  const code = await main(args, {
    cwd,
    out: (text) => {
      out += `${text}\n`
    },
    err: (text) => {
      err += `${text}\n`
    },
    isColored: false,
  })
  return { code, out, err }
}
