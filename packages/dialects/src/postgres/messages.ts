/** Who reads rows. */
export interface RowSink {
  /** Reads a row at its count of columns, in a message DataRow. */
  read(bytes: Buffer, start: number): void
}

const DATA_ROW = 0x44
const BIND_COMPLETE = 0x32
const READY_FOR_QUERY = 0x5a

/**
 * Takes the rows out of the messages of a server, which come in pieces cut anywhere, and passes on all others, whole.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 *
 * `current` tells who reads the rows of the statement whose values have just been bound, and is asked after all
 * messages before that were passed on; with nobody, rows are passed on as well.
 */
export function messageFilter(
  current: () => RowSink | undefined,
  pass: (messages: Buffer) => void,
): (piece: Buffer) => void {
  let parts: Buffer[] = []
  let held = 0
  /** How many bytes are needed to go on. */
  let needed = 0
  let reader: RowSink | undefined

  return (piece) => {
    let data = piece
    if (held > 0) {
      parts.push(piece)
      held += piece.length
      if (held < needed) return
      data = Buffer.concat(parts, held)
      parts = []
      held = 0
    }
    let at = 0
    let passed = 0
    const passUpTo = (end: number): void => {
      if (passed < end) pass(passed === 0 && end === data.length ? data : data.subarray(passed, end))
      passed = end
    }
    for (;;) {
      needed = 5
      if (at + needed > data.length) break
      needed = 1 + int32(data, at + 1)
      if (needed < 5) {
        // No message is shorter than its length. What this is, postgres.js may say.
        at = data.length
        break
      }
      const end = at + needed
      if (end > data.length) break
      const kind = data[at]
      if (kind === DATA_ROW) {
        if (reader !== undefined) {
          const waiting = at - passed
          // The messages before a single row move to its end, from where they are passed on with those behind it.
          const moves = waiting < needed && end < data.length && data[end] !== DATA_ROW
          if (!moves) passUpTo(at)
          reader.read(data, at + 5)
          if (moves) data.copyWithin(end - waiting, passed, at)
          passed = moves ? end - waiting : end
        }
      } else if (kind === BIND_COMPLETE) {
        passUpTo(at)
        reader = current()
      } else if (kind === READY_FOR_QUERY) reader = undefined
      at = end
    }
    passUpTo(at)
    held = data.length - at
    if (held > 0) parts.push(data.subarray(at))
  }
}

/** Four bytes as a signed number; `readInt32BE` checks its arguments. */
export function int32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}
