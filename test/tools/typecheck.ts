/** Type-checks everything: each package under its own settings, the tests, the documents and the configuration. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const projects = ['.', 'packages/core', 'packages/dialects', 'packages/migrate', 'test', 'docs']

// The native compiler: the same language as the one that builds, in a tenth of the time.
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript-7/package.json')), 'bin/tsc')

const failed = projects.filter((project) => {
  const { status } = spawnSync(process.execPath, [compiler, '-p', project, '--pretty'], {
    cwd: root,
    stdio: 'inherit',
  })
  return status !== 0
})

if (failed.length > 0) {
  console.error(`Types do not check in ${failed.join(', ')}`)
  process.exit(1)
}
