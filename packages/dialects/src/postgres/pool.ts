import { type ConnectionCounts, type Holder, type Purpose, Waiting } from '@espalier/core'

/** What the pool asks of a connection. */
export interface Connection {
  /** False when no more work may be given to it: it was lost, or is too old. */
  usable(): boolean
  /** Closes it after what is under way. */
  end(): Promise<void>
  /** Closes it at once; what is under way on it fails. */
  destroy(): void
}

/** A place of the pool: one connection, which statements share unless a session holds it. */
export interface Slot<C extends Connection> {
  readonly connection: C
  /** Statements under way. */
  pending: number
  /** Who has it alone. */
  holder: Holder | undefined
  /** Since when it is used, where statements share it. */
  since: number
  idle: ReturnType<typeof setTimeout> | undefined
}

/** Connections that are shared by single statements and lent to sessions. */
export interface Pool<C extends Connection> {
  /** A connection for one statement: an idle one, else a new one, else the one with the least under way. */
  share(): Slot<C> | Promise<Slot<C>>
  /**
   * A connection for a session alone: one on which nothing is under way. What a session does not know of could take part
   * in its transaction, since postgres.js sends a statement again whose plan has become void.
   */
  hold(purpose: Purpose): Slot<C> | Promise<Slot<C>>
  /** Ends what `share` or `hold` began. A `broken` connection is closed. */
  giveBack(slot: Slot<C>, broken: boolean): void
  counts(): ConnectionCounts
  /** Takes no more work, waits for what is under way, though not longer than others for a connection, closes all. */
  close(): Promise<void>
}

interface PoolOptions {
  readonly max: number
  /** Milliseconds after which an unused connection is closed; undefined: never. */
  readonly idleTimeout: number | undefined
  /** Milliseconds to wait for a connection at most. */
  readonly acquireTimeout: number | undefined
  /** What who comes after `close` gets. */
  readonly closedError: () => Error
}

/**
 * Makes a pool over connections of postgres.js with `max: 1`. Its own pool lends connections with `reserve`, which
 * cannot close a connection whose state is unknown, does not tell when it was lost, and then either fails by an
 * uncaught exception or runs the rest of a transaction on another connection (postgres.js 3.4.9).
 */
export function createPool<C extends Connection>(connect: () => C, options: PoolOptions): Pool<C> {
  const slots = new Set<Slot<C>>()
  const holders = (): Holder[] =>
    [...slots]
      .filter(({ pending }) => pending > 0)
      .map(({ holder, since }) => holder ?? { purpose: 'statement', since })
  const isBusy = (): boolean => [...slots].some(({ pending }) => pending > 0)
  const waiting = new Waiting<Slot<C>>(options.acquireTimeout, holders)
  let closed: Promise<void> | undefined
  /** Who closes, and waits for what is under way. */
  const closing = new Waiting<void>(options.acquireTimeout, holders)

  const remove = (slot: Slot<C>): C => {
    clearTimeout(slot.idle)
    slots.delete(slot)
    return slot.connection
  }

  const free = (alone: boolean): Slot<C> | undefined => {
    let best: Slot<C> | undefined
    for (const slot of slots) {
      if (slot.holder !== undefined) continue
      if (!slot.connection.usable()) {
        if (slot.pending === 0) remove(slot).end()
        continue
      }
      if (slot.pending === 0) return slot
      if (best === undefined || slot.pending < best.pending) best = slot
    }
    if (slots.size >= options.max) return alone ? undefined : best
    const slot: Slot<C> = {
      connection: connect(),
      pending: 0,
      holder: undefined,
      since: 0,
      idle: undefined,
    }
    slots.add(slot)
    return slot
  }

  const take = (slot: Slot<C>, purpose: Purpose | undefined): Slot<C> => {
    clearTimeout(slot.idle)
    if (slot.pending === 0) slot.since = Date.now()
    if (purpose !== undefined) slot.holder = { purpose, since: slot.since }
    slot.pending++
    return slot
  }

  /** Alone for a purpose, else beside others. */
  const enter = (purpose?: Purpose): Slot<C> | Promise<Slot<C>> => {
    if (closed !== undefined) throw options.closedError()
    const slot = waiting.length > 0 ? undefined : free(purpose !== undefined)
    return slot === undefined ? waiting.join(purpose) : take(slot, purpose)
  }

  /** Whoever waits is served in the order of coming; then whoever closes. */
  const serve = (): void => {
    while (waiting.length > 0) {
      const { purpose } = waiting
      const slot = free(purpose !== undefined)
      if (slot === undefined) return
      waiting.next(take(slot, purpose))
    }
    if (closing.length > 0 && !isBusy()) closing.next()
  }

  const closeAll = async (): Promise<void> => {
    if (isBusy() || waiting.length > 0) await closing.join()
    await Promise.all([...slots].map((slot) => remove(slot).end()))
  }

  return {
    share: () => enter(),
    hold: enter,
    giveBack(slot, broken) {
      slot.pending--
      slot.holder = undefined
      if (broken) remove(slot).destroy()
      else if (slot.pending === 0 && options.idleTimeout !== undefined && slots.has(slot)) {
        slot.idle = setTimeout(() => remove(slot).end(), options.idleTimeout)
        slot.idle.unref?.()
      }
      if (waiting.length > 0 || closing.length > 0) serve()
    },
    counts: () => ({ open: slots.size, busy: holders().length, waiting: waiting.length }),
    close() {
      // Where it waited too long, it may be tried again.
      closed ??= closeAll().catch((error) => {
        closed = undefined
        throw error
      })
      return closed
    },
  }
}
