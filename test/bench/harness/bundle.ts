import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { ContenderName, Suite } from './measurement.js'

const bench = fileURLToPath(new URL('..', import.meta.url))

/** Where the bench keeps what it makes: inside `test`, so that packages are found from there. */
export const cache = fileURLToPath(new URL('../../node_modules/.cache/bench/', import.meta.url))
mkdirSync(cache, { recursive: true })

/** Makes one plain JavaScript file of the bench's own code for a contender; packages stay outside. */
export async function bundle(suite: Suite, contender: ContenderName): Promise<string> {
  const outfile = `${cache}${suite}-${contender}.mjs`
  await build({
    stdin: {
      contents: [
        `import { open } from './${suite}/${contender}.ts'`,
        `import { serve } from './harness/worker.ts'`,
        `serve(open)`,
      ].join('\n'),
      resolveDir: bench,
    },
    outfile,
    bundle: true,
    packages: 'external',
    // The paths of tsconfig.json lead to the sources of Espalier; measured is what is built.
    tsconfigRaw: {},
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'error',
  })
  return outfile
}
