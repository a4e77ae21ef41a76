import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Database } from '@espalier/core'
import { type Config, checkConfig } from '../config.js'
import { MigrationError } from '../errors.js'
import { moduleLoader } from '../history/module.js'
import { createMigrator, type Migrator } from '../run/migrator.js'
import type { OnProgress } from '../run/progress.js'
import type { CommonOptions } from './command.js'
import type { Terminal } from './terminal.js'

const NAMES = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((extension) => `espalier.config.${extension}`)

/** The configuration, with the path of its directory made absolute. */
export async function loadConfig(options: CommonOptions, terminal: Terminal): Promise<Config> {
  const file = findConfig(options.config, terminal.cwd)
  let exported: unknown
  try {
    exported = await moduleLoader(file)(file)
  } catch (error) {
    throw new MigrationError('invalid_config', `${file} cannot be loaded: ${(error as Error).message}`, {
      file,
      cause: error,
    })
  }
  const config = checkConfig(file, exported)
  return { ...config, directory: resolve(dirname(file), config.directory) }
}

function findConfig(given: string | undefined, cwd: string): string {
  if (given !== undefined) {
    const file = resolve(cwd, given)
    if (existsSync(file)) return file
    throw new MigrationError('invalid_config', `There is no configuration file ${file}.`, { file })
  }
  const found = NAMES.map((name) => join(cwd, name)).find((file) => existsSync(file))
  if (found !== undefined) return found
  throw new MigrationError(
    'invalid_config',
    `There is no espalier.config.ts in ${cwd}. "espalier init" writes one; --config names one elsewhere.`,
  )
}

/** Opens the database of the configuration, lets a function work with it, and closes it. */
export async function withDatabase<T>(
  options: CommonOptions,
  terminal: Terminal,
  work: (db: Database, config: Config) => Promise<T>,
): Promise<T> {
  const config = await loadConfig(options, terminal)
  const db: Database = await config.database()
  if (typeof db?.session !== 'function') {
    throw new MigrationError(
      'invalid_config',
      'database: () => … in the configuration returns no database. Return what sqlite(…), postgres(…) or pglite(…) returns.',
    )
  }
  try {
    return await work(db, config)
  } finally {
    await db.close()
  }
}

/** Lets a function work with a migrator on the database of the configuration. */
export function withMigrator<T>(
  options: CommonOptions & { readonly locked?: boolean },
  terminal: Terminal,
  work: (migrator: Migrator) => Promise<T>,
  onProgress?: OnProgress,
): Promise<T> {
  return withDatabase(options, terminal, (db, { directory, versionTable, lockTimeout, hooks }) => {
    const migrator = createMigrator({
      db,
      directory,
      ...(versionTable === undefined ? {} : { versionTable }),
      ...(lockTimeout === undefined ? {} : { lockTimeout }),
      locked: options.locked === true,
      ...(hooks === undefined ? {} : { hooks }),
      ...(onProgress === undefined ? {} : { onProgress }),
    })
    return work(migrator)
  })
}
