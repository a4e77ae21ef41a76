import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Metadata } from '@espalier/core'
import * as coreModule from '@espalier/core'
import type { PulledFile } from '@espalier/migrate'
import { createJiti } from 'jiti'

const workspace = fileURLToPath(new URL('../..', import.meta.url))
const core = join(workspace, 'packages/core/src/index.ts')

/** Writes files into a directory. */
export function writePulled(directory: string, files: readonly PulledFile[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
}

/** What a module of a directory exports, and its metadatas. */
export async function loadPulled(
  directory: string,
  file: string,
): Promise<{ readonly exported: Record<string, unknown>; readonly metadatas: readonly Metadata[] }> {
  const jiti = createJiti(import.meta.url, {
    virtualModules: { '@espalier/core': coreModule as unknown as Record<string, unknown> },
    moduleCache: false,
    fsCache: false,
  })
  const exported = await jiti.import<Record<string, unknown>>(join(directory, file))
  const metadatas = (exported.metadatas ?? [exported.app]) as readonly Metadata[]
  return { exported, metadatas }
}

/** What both compilers find wrong with all files below a directory, as strict as they can be. */
export async function typeErrors(directory: string): Promise<string> {
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({
      extends: join(workspace, 'tsconfig.base.json'),
      compilerOptions: {
        paths: { '@espalier/core': [core] },
        types: [],
        lib: ['ES2023', 'ESNext.Disposable'],
      },
      include: [join(directory, '**/*.ts')],
    }),
  )
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  const { resolve } = createRequire(import.meta.url)
  const compilers = [
    resolve('typescript/lib/tsc.js'),
    join(dirname(resolve('typescript-7/package.json')), 'bin/tsc'),
  ]
  const outputs = await Promise.all(
    compilers.map(
      (compiler) =>
        new Promise<string>((done) => {
          execFile(
            process.execPath,
            [compiler, '-p', directory, '--noEmit', '--pretty', 'false'],
            (error, out) => done(error === null ? '' : out),
          )
        }),
    ),
  )
  return outputs.join('')
}
