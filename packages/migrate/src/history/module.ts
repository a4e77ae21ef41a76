import { createRequire } from 'node:module'
import { createJiti } from 'jiti'

/**
 * The default export of a module: TypeScript or JavaScript, ESM or CJS, as it stands, with nothing built before.
 * Read anew each time.
 */
export async function importDefault(path: string): Promise<unknown> {
  const jiti = createJiti(path)
  delete createRequire(path).cache[path]
  const module = await jiti.import<Readonly<Record<string, unknown>> | undefined>(path)
  const exported = module?.default ?? module
  // A CJS module that was compiled from ESM.
  return isRecord(exported) && 'default' in exported && '__esModule' in exported ? exported.default : exported
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
