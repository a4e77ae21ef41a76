import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const workspace = fileURLToPath(new URL('../..', import.meta.url))

/** Each package with its entries, and the packages that it needs. */
const PACKAGES = {
  core: { entries: ['.'], needs: [] },
  dialects: {
    entries: ['.', './sqlite', './postgres', './pglite', './sqlite/inspect', './postgres/inspect'],
    needs: ['better-sqlite3', 'postgres', '@electric-sql/pglite'],
  },
  migrate: { entries: ['.', './cli'], needs: ['commander', 'jiti', 'picocolors', 'zod'] },
} as const

/**
 * Installs the packages into a directory as users have them, ESM and CJS, made from their sources as they stand. What
 * is in or below the directory can import them. The answer is the path of the command.
 */
export async function install(directory: string): Promise<string> {
  const modules = join(directory, 'node_modules')
  await Promise.all(
    Object.entries(PACKAGES).flatMap(([name, { entries, needs }]) => {
      const from = join(workspace, 'packages', name)
      const to = join(modules, '@espalier', name)
      for (const need of needs) {
        mkdirSync(dirname(join(modules, need)), { recursive: true })
        symlinkSync(join(from, 'node_modules', need), join(modules, need))
      }
      const file = (entry: string) => join(entry, 'index')
      const exports = Object.fromEntries(
        entries.map((entry) => [entry, { import: `./${file(entry)}.js`, require: `./${file(entry)}.cjs` }]),
      )
      mkdirSync(to, { recursive: true })
      writeFileSync(
        join(to, 'package.json'),
        JSON.stringify({ name: `@espalier/${name}`, type: 'module', exports }),
      )
      return (['esm', 'cjs'] as const).map((format) =>
        build({
          entryPoints: entries.map((entry) => ({
            in: join(from, 'src', `${file(entry)}.ts`),
            out: file(entry),
          })),
          outdir: to,
          outExtension: { '.js': format === 'esm' ? '.js' : '.cjs' },
          bundle: true,
          format,
          platform: 'node',
          target: 'node20',
          packages: 'external',
          tsconfigRaw: {},
          logLevel: 'warning',
        }),
      )
    }),
  )
  const bin = join(directory, 'espalier.mjs')
  writeFileSync(
    bin,
    "import { main } from '@espalier/migrate/cli'\nprocess.exitCode = await main(process.argv.slice(2))\n",
  )
  return bin
}
