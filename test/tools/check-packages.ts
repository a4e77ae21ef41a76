/**
 * Checks the packages as a user gets them: packs each, asks publint and "are the types wrong?" about the tarball, then
 * unpacks all of them into an empty project and loads every entry with `import` and with `require`.
 * The packages must have been built.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Manifest {
  name: string
  exports: Record<string, unknown>
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const scratch = mkdtempSync(join(tmpdir(), 'espalier-packages-'))
const failures: string[] = []

function check(what: string, command: string, args: readonly string[], cwd = root): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status === 0) return
  failures.push(what)
  console.error(`✗ ${what}\n${stdout ?? ''}${stderr ?? ''}${error ?? ''}`)
}

function checkPackage(folder: string): void {
  const source = join(root, 'packages', folder)
  const manifest: Manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const tarball = join(scratch, `${folder}.tgz`)
  const tool = (name: string) => join(root, 'node_modules/.bin', name)

  check(`${manifest.name}: pack`, 'pnpm', ['pack', '--out', tarball], source)
  check(`${manifest.name}: publint`, tool('publint'), ['run', tarball, '--strict'])
  check(`${manifest.name}: types`, tool('attw'), [tarball, '--profile', 'node16', '--no-emoji'])

  const installed = join(scratch, 'node_modules', manifest.name)
  mkdirSync(installed, { recursive: true })
  check(`${manifest.name}: unpack`, 'tar', ['-xzf', tarball, '--strip-components=1', '-C', installed])
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (dependency.startsWith('@espalier/')) continue
    const link = join(installed, 'node_modules', dependency)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(source, 'node_modules', dependency), link)
  }
}

function loadEntries(folder: string): void {
  const { name, exports }: Manifest = JSON.parse(
    readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'),
  )
  for (const entry of Object.keys(exports).filter((path) => !path.endsWith('.json'))) {
    const specifier = JSON.stringify(join(name, entry))
    const program = join(scratch, 'load')
    writeFileSync(`${program}.mjs`, `await import(${specifier})`)
    writeFileSync(`${program}.cjs`, `require(${specifier})`)
    check(`import(${specifier})`, process.execPath, [`${program}.mjs`], scratch)
    check(`require(${specifier})`, process.execPath, [`${program}.cjs`], scratch)
  }
}

try {
  const folders = ['core', 'dialects', 'migrate']
  folders.forEach(checkPackage)
  folders.forEach(loadEntries)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

if (failures.length > 0) {
  console.error(`${failures.length} checks of the packed packages failed`)
  process.exit(1)
}
console.log('The packed packages are sound')
