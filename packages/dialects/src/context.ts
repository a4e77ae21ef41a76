import type { TransactionContext } from '@espalier/core'

interface Place {
  open: boolean
}
interface Storage {
  run<T>(value: Place, work: () => T): T
  getStore(): Place | undefined
}
interface AsyncHooks {
  readonly AsyncLocalStorage: new () => Storage
}

/**
 * Follows a transaction across awaits, to tell when a database of one connection is used inside its own
 * transaction. Undefined where the runtime has no AsyncLocalStorage.
 */
export function transactionContext(): TransactionContext | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => AsyncHooks | undefined }
  }
  const hooks = process?.getBuiltinModule?.('node:async_hooks')
  if (hooks === undefined) return undefined
  const storage = new hooks.AsyncLocalStorage()
  return {
    async run(work) {
      // What a transaction has started and left behind, such as a timer, is not inside any more when that has ended.
      const place = { open: true }
      try {
        return await storage.run(place, work)
      } finally {
        place.open = false
      }
    },
    isInside: () => storage.getStore()?.open === true,
  }
}
