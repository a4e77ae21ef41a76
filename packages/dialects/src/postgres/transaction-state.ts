const BEGINS: ReadonlySet<string | undefined> = new Set(['BEGIN', 'START TRANSACTION'])
const ENDS: ReadonlySet<string | undefined> = new Set(['COMMIT', 'ROLLBACK', 'PREPARE TRANSACTION'])
/** What has the tag of an end, yet may go on with the transaction or begin the next: rollback to a savepoint, and chain. */
const MAY_GO_ON = /\bto\b|\bchain\b/i

/**
 * Whether a transaction is open after a statement, by the command tag of the answer; `open` says whether one was before.
 * Where the text leaves that open, one that was open is taken to be so still.
 */
export function isOpenAfter(open: boolean, command: string | undefined, sql: string): boolean {
  if (BEGINS.has(command)) return true
  return open && !(ENDS.has(command) && !MAY_GO_ON.test(sql))
}
