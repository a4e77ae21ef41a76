import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { MigrationError } from '../errors.js'
import { answer, type CommonOptions, command } from './command.js'
import type { Terminal } from './terminal.js'

const DATABASES = {
  postgres: { driver: 'postgres', open: "postgres(process.env.DATABASE_URL ?? 'postgres://localhost/app')" },
  sqlite: { driver: 'better-sqlite3', open: "sqlite(process.env.DATABASE_FILE ?? 'app.db')" },
  pglite: { driver: '@electric-sql/pglite', open: "pglite(process.env.DATABASE_DIRECTORY ?? 'data')" },
} as const

type DatabaseName = keyof typeof DATABASES

/** `espalier init`: writes the configuration and makes the directory of revisions. */
export function initCommand(terminal: Terminal): Command {
  return command('init', 'write espalier.config.ts and make the directory of revisions', [
    'espalier init --yes',
    'espalier init db/migrations --database postgres',
  ])
    .argument('[directory]', 'where the revision files will be', 'migrations')
    .addOption(new Option('-d, --database <kind>', 'the kind of database').choices(Object.keys(DATABASES)))
    .option('-y, --yes', 'ask nothing; it never does, so this is for scripts that say so')
    .action(async (directory: string, options: CommonOptions & { readonly database?: DatabaseName }) => {
      const config = resolve(terminal.cwd, options.config ?? 'espalier.config.ts')
      if (existsSync(config)) {
        throw new MigrationError('invalid_config', `${config} exists already; nothing was changed.`, {
          file: config,
        })
      }
      const database = options.database ?? installed(terminal.cwd)
      const revisions = resolve(config, '..', directory)
      await mkdir(revisions, { recursive: true })
      await writeFile(config, configText(database, directory), { flag: 'wx' })
      answer(
        terminal,
        options,
        { config, directory: revisions, database },
        () => `Wrote ${config} for ${database}.\nNext: espalier revision -m "first tables"`,
      )
    })
}

/** The kind of database whose driver is installed; the first of them, or PostgreSQL. */
function installed(cwd: string): DatabaseName {
  const { resolve: find } = createRequire(join(cwd, 'package.json'))
  const names = Object.keys(DATABASES) as DatabaseName[]
  const found = names.find((name) => {
    try {
      return find(DATABASES[name].driver) !== ''
    } catch {
      return false
    }
  })
  return found ?? 'postgres'
}

function configText(database: DatabaseName, directory: string): string {
  return `import { ${database} } from '@espalier/dialects/${database}'
import { defineConfig } from '@espalier/migrate'

export default defineConfig({
  directory: '${directory.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}',
  database: () => ${DATABASES[database].open},
})
`
}
