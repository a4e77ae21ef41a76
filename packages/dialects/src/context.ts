import type { TransactionContext } from '@espalier/core'

interface Storage {
  run<T>(value: true, work: () => T): T
  getStore(): true | undefined
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
    run: (work) => storage.run(true, work),
    isInside: () => storage.getStore() === true,
  }
}
