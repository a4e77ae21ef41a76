import { createRequire } from 'node:module'
import { createJiti } from 'jiti'

/** Modules that are loaded as Node does: to look into them for each revision would take longer than the revision. */
const NATIVE = ['@espalier/core', '@espalier/dialects', '@espalier/migrate']

/** Loads the default export of a module. */
export type ImportDefault = (path: string) => Promise<unknown>

/**
 * Loads the default exports of modules: TypeScript or JavaScript, ESM or CJS, as they stand, with nothing built before.
 * Read anew each time. `from` is the path of a module beside them.
 */
export function moduleLoader(from: string): ImportDefault {
  const jiti = createJiti(from, { nativeModules: NATIVE })
  const { cache } = createRequire(from)
  return async (path) => {
    delete cache[path]
    const module = await jiti.import<Readonly<Record<string, unknown>> | undefined>(path)
    const exported = module?.default ?? module
    // A CJS module that was compiled from ESM.
    return isRecord(exported) && 'default' in exported && '__esModule' in exported
      ? exported.default
      : exported
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
