/** Runs the `espalier` command with the given arguments (without `node` and the script) and answers its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  throw new Error(`espalier ${args.join(' ')}: not a command yet`)
}
