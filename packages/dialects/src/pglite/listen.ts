import type { PGliteInterface } from '@electric-sql/pglite'
import { quoteIdentifier } from '@espalier/core'
import { mapPostgresError } from '../postgres/errors.js'
import { calling, type Listening, requireChannel, requireReceiver } from '../postgres/listener.js'

/** Calls a function with what is sent to a channel of an instance. */
export async function listenOn(
  database: PGliteInterface,
  channel: string,
  receive: (payload: string) => void,
): Promise<Listening> {
  requireReceiver(receive)
  const quoted = quoteIdentifier(requireChannel(channel))
  // PGlite 0.5 counts who listens by the name as it is given, and finds none of those whose names have quotes in them. So its
  // own functions are called for nothing but that count.
  let stop: () => Promise<void>
  try {
    stop = await database.listen(quoted, () => {})
  } catch (error) {
    throw mapPostgresError(error, `listen ${quoted}`)
  }
  const deaf = database.onNotification((from, payload) => {
    if (from === channel) calling(() => receive(payload))
  })
  let stopped: Promise<void> | undefined
  const unlisten = (): Promise<void> => {
    deaf()
    stopped ??= database.closed ? Promise.resolve() : stop()
    return stopped
  }
  return { channel, unlisten, [Symbol.asyncDispose]: unlisten }
}
