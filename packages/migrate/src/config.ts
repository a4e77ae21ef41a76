import type { Database } from '@espalier/core'
import { z } from 'zod'
import { MigrationError } from './errors.js'
import type { Template } from './history/new-file.js'
import type { Hooks } from './run/hooks.js'
import type { VersionTableOptions } from './run/version-table.js'

/** What `espalier.config.ts` says. */
export interface Config {
  /** Where the revision files are, from the place of the configuration file. */
  readonly directory: string
  /** Opens the database; it is closed when the command is through. */
  readonly database: () => Database | Promise<Database>
  /** Where it is written which revisions are applied. Default: `espalier_versions`. */
  readonly versionTable?: string | VersionTableOptions | undefined
  /** Milliseconds to wait for another runner. Default: 60,000. */
  readonly lockTimeout?: number | undefined
  /** Writes the text of a new revision's file, in place of the one that Espalier writes. */
  readonly template?: Template | undefined
  /** Functions that are called around runs and revisions. */
  readonly hooks?: Hooks | undefined
}

const name = z.string({ error: 'is a text' }).min(1, 'is empty')

const hook = z
  .custom<() => unknown>((value) => typeof value === 'function', 'is a function: async (context) => { … }')
  .optional()

const schema = z.strictObject({
  directory: z.string({ error: "is the path of the revision files: 'migrations'" }).min(1, 'is empty'),
  database: z.custom<Config['database']>(
    (value) => typeof value === 'function',
    'is a function that opens the database: () => sqlite(…)',
  ),
  versionTable: z
    .union([name, z.strictObject({ name: name.optional(), schema: name.optional() })], {
      error: "is the table's name, or { name, schema }",
    })
    .optional(),
  lockTimeout: z
    .number({ error: 'is a number of milliseconds' })
    .nonnegative('is a number of milliseconds')
    .optional(),
  template: z
    .custom<Template>(
      (value) => typeof value === 'function',
      'is a function that writes the text of a new file: ({ id, parents, message }) => `…`',
    )
    .optional(),
  hooks: z
    .strictObject({ beforeRun: hook, afterRun: hook, beforeRevision: hook, afterRevision: hook })
    .optional(),
})

/**
 * The configuration of the command line, as the default export of `espalier.config.ts`.
 * @example
 * ```ts
 * import { postgres } from '@espalier/dialects/postgres'
 * import { defineConfig } from '@espalier/migrate'
 *
 * export default defineConfig({
 *   directory: 'migrations',
 *   database: () => postgres(process.env.DATABASE_URL ?? 'postgres://localhost/app'),
 * })
 * ```
 */
export function defineConfig(config: Config): Config {
  return config
}

/** Checks what a configuration file exports. Throws a `MigrationError` that names the file and every field at fault. */
export function checkConfig(file: string, exported: unknown): Config {
  const result = schema.safeParse(exported)
  if (result.success) return exported as Config
  const problems = result.error.issues.map(({ path, message, code }) => {
    if (path.length > 0) return `${path.map(String).join('.')} ${message}`
    return code === 'unrecognized_keys'
      ? `${message}; there are directory, database, versionTable, lockTimeout, template, hooks`
      : 'it exports no object: write export default defineConfig({ … })'
  })
  throw new MigrationError('invalid_config', `${file} is not valid: ${problems.join('; ')}.`, { file })
}
