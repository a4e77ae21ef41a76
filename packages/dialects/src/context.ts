import type { Surroundings, TransactionContext } from '@espalier/core'

interface Place {
  readonly surroundings: Surroundings
  readonly outer: Place | undefined
  open: boolean
}
interface Storage {
  run<T>(value: Place, work: () => T): T
  getStore(): Place | undefined
  disable(): void
}
interface AsyncHooks {
  readonly AsyncLocalStorage: new () => Storage
}

/**
 * Follows sessions and transactions across awaits, to tell when a database is used inside its own. Each asynchronous
 * context has its own answer, however many of them are open. Undefined where the runtime has no AsyncLocalStorage.
 */
export function transactionContext(): TransactionContext | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => AsyncHooks | undefined }
  }
  const hooks = process?.getBuiltinModule?.('node:async_hooks')
  if (hooks === undefined) return undefined
  const storage = new hooks.AsyncLocalStorage()
  // While it is on, every promise of the process takes longer (one that is awaited 0.23 µs in place of 0.10 on Node 20),
  // so it is on only while there is something to follow.
  let followed = 0
  return {
    async run(surroundings, work) {
      const outer = followed > 0 ? storage.getStore() : undefined
      // What a transaction has started and left behind, such as a timer, is not inside any more when that has ended.
      const place: Place = { surroundings, outer, open: true }
      followed++
      try {
        return await storage.run(place, work)
      } finally {
        place.open = false
        followed--
        if (followed === 0) storage.disable()
      }
    },
    inside() {
      if (followed === 0) return undefined
      let found: Surroundings | undefined
      for (let place = storage.getStore(); place !== undefined; place = place.outer) {
        if (!place.open) continue
        if (place.surroundings === 'transaction') return 'transaction'
        found = 'session'
      }
      return found
    },
  }
}
