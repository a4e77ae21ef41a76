import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

// The packages are bundled as they are published. The budget is the one in test/bench/targets.ts, which leaves little room.
// What a select does not need has to be left out by the bundler, which cannot take methods out of a class that is used.
const budget = 15_000

test('A program with one select for PostgreSQL weighs at most 15 kB, minified and packed', async () => {
  const { outputFiles } = await build({
    entryPoints: [path('test/bench/size/programs/espalier.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    external: ['postgres'],
    tsconfigRaw: {},
    logLevel: 'error',
  })
  expect(gzipSync(outputFiles[0]!.contents, { level: 9 }).length).toBeLessThanOrEqual(budget)
  // What checks values by schemas is carried by who names a type that may have one.
  expect(outputFiles[0]!.text).not.toMatch(/~standard|zod/)
})
