import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// The files beside this one are never run: what they say about types is checked by the compilers.
test.concurrent.each([
  ['5.9', 'typescript/package.json'],
  ['7', 'typescript-7/package.json'],
])(
  'The types are as the files of this folder say, in TypeScript %s',
  { timeout: 120_000 },
  async (_version, compiler) => {
    expect(await errorsOf(compiler)).toBe('')
  },
)

/** What a compiler has to say about the files of this folder. */
function errorsOf(compiler: string): Promise<string> {
  const folder = fileURLToPath(new URL('../node_modules/.cache/types/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify(settings))
  const tsc = createRequire(import.meta.url)
    .resolve(compiler)
    .replace('package.json', 'bin/tsc')
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '--project', folder], { maxBuffer: 1e8 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    )
  })
}

const settings = {
  extends: '../../../tsconfig.json',
  include: ['../../../types/*.ts'],
  exclude: ['../../../types/*.test.ts'],
}
