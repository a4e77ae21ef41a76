import { setTimeout as pause } from 'node:timers/promises'
import { BuildError, ExecutionError, excerpt, quoteIdentifier } from '@espalier/core'
import { mapPostgresError } from './errors.js'
import type { ListeningConnection } from './postgres-js.js'

/** How one listens. */
export interface ListenOptions {
  /**
   * Called when the connection was lost and there is another: what was sent in between is lost too, so this is the place to
   * look at what may have changed.
   */
  readonly onReconnect?: (() => void) | undefined
}

/** Somebody listens on a channel. */
export interface Listening extends AsyncDisposable {
  readonly channel: string
  /** Listens no more; a connection of its own is closed with the last who listened. */
  unlisten(): Promise<void>
}

/** Listens on channels by one connection beside the pool, and by another where that is lost. */
export interface Listener {
  listen(channel: string, receive: (payload: string) => void, options?: ListenOptions): Promise<Listening>
  close(): Promise<void>
}

interface Subscription {
  readonly receive: (payload: string) => void
  readonly onReconnect: (() => void) | undefined
}

/** Opens the connection of a listener, which tells of notifications and of its end. */
export type OpenListening = (
  notified: (channel: string, payload: string) => void,
  closed: () => void,
) => ListeningConnection

/**
 * Makes a listener. Not by the `listen` of postgres.js 3.4.9: where that fails to connect, it goes on to try behind the error
 * that it has given, and it does not tell when it has connected again after a failure.
 */
export function createListener(open: OpenListening): Listener {
  const channels = new Map<string, Set<Subscription>>()
  let connection: ListeningConnection | undefined
  let reconnecting: Promise<void> | undefined
  let closed = false
  const stopped = new AbortController()

  const connect = (): ListeningConnection => {
    const opened = open(
      (channel, payload) => {
        for (const { receive } of [...(channels.get(channel) ?? [])]) calling(() => receive(payload))
      },
      () => {
        if (connection !== opened) return
        connection = undefined
        void opened.end()
        if (!closed && channels.size > 0) reconnecting ??= reconnect()
      },
    )
    connection = opened
    return opened
  }

  const reconnect = async (): Promise<void> => {
    const before = [...channels.values()].flatMap((subscriptions) => [...subscriptions])
    for (let attempt = 0; !closed && channels.size > 0; attempt++) {
      try {
        const opened = connect()
        for (const channel of channels.keys()) await opened.run(`listen ${quoteIdentifier(channel)}`)
        // It may have been lost meanwhile.
        if (connection === opened) break
      } catch {
        drop()
      }
      const longest = Math.min(10_000, 100 * 2 ** Math.min(attempt, 20))
      await pause((0.5 + Math.random() / 2) * longest, undefined, { signal: stopped.signal }).catch(
        () => undefined,
      )
    }
    reconnecting = undefined
    for (const subscription of before) {
      const { onReconnect } = subscription
      const isThere = [...channels.values()].some((subscriptions) => subscriptions.has(subscription))
      if (!closed && isThere && onReconnect !== undefined) calling(onReconnect)
    }
  }

  const drop = (): void => {
    const dropped = connection
    connection = undefined
    void dropped?.end()
  }

  const remove = (channel: string, subscription: Subscription): boolean => {
    const subscriptions = channels.get(channel)
    subscriptions?.delete(subscription)
    if (subscriptions?.size !== 0) return false
    return channels.delete(channel)
  }

  return {
    async listen(channel, receive, { onReconnect } = {}) {
      requireChannel(channel)
      requireReceiver(receive)
      if (closed) throw closedError()
      const subscription = { receive, onReconnect }
      const subscriptions = channels.get(channel) ?? new Set()
      channels.set(channel, subscriptions.add(subscription))
      const sql = `listen ${quoteIdentifier(channel)}`
      try {
        await reconnecting
        if (closed) throw closedError()
        // Once more where others listen already: it does nothing then, and this waits for theirs.
        await (connection ?? connect()).run(sql)
      } catch (error) {
        remove(channel, subscription)
        if (channels.size === 0) drop()
        throw mapPostgresError(error, sql)
      }
      const unlisten = async (): Promise<void> => {
        if (!remove(channel, subscription)) return
        if (channels.size === 0) return drop()
        // Where the connection is lost, the next one does not listen on it.
        await connection?.run(`unlisten ${quoteIdentifier(channel)}`).catch(() => undefined)
      }
      return { channel, unlisten, [Symbol.asyncDispose]: unlisten }
    },
    async close() {
      closed = true
      channels.clear()
      stopped.abort()
      const last = connection
      connection = undefined
      await last?.end()
    },
  }
}

function closedError(): ExecutionError {
  return new ExecutionError('closed', 'This database handle is closed; open another.')
}

/** Refuses what is no function. */
export function requireReceiver(receive: unknown): void {
  if (typeof receive === 'function') return
  throw new BuildError(
    'invalid_argument',
    `listen(…) takes a function for the payloads, not ${excerpt(receive)}.`,
  )
}

/** What fails in a function of the caller is an exception that nobody caught, and no failure of the connection. */
export function calling(callback: () => void): void {
  try {
    callback()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

/** Refuses a name that PostgreSQL would cut when listening. */
export function requireChannel(channel: unknown): string {
  if (
    typeof channel === 'string' &&
    channel !== '' &&
    Buffer.byteLength(channel) < 64 &&
    !channel.includes('\u0000')
  )
    return channel
  throw new BuildError('invalid_channel', `A channel is a name of at most 63 bytes, not ${excerpt(channel)}.`)
}
