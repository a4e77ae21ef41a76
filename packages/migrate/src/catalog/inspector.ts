import type { Catalog, CatalogProblem, Database, InspectOptions, Metadata } from '@espalier/core'
import { MigrationError } from '../errors.js'

/** What a dialect reads of its databases: see `@espalier/dialects/postgres/inspect` and `@espalier/dialects/sqlite/inspect`. */
export interface Inspector {
  readonly inspect: (db: Database, options?: InspectOptions) => Promise<Catalog>
  readonly metadataOf: (
    catalog: Catalog,
    options?: { readonly schema?: string },
  ) => { readonly metadata: Metadata; readonly problems: readonly CatalogProblem[] }
}

const INSPECTORS: Readonly<Record<string, () => Promise<Inspector>>> = {
  PostgreSQL: () => import('@espalier/dialects/postgres/inspect'),
  SQLite: () => import('@espalier/dialects/sqlite/inspect'),
}

/** The inspector for a dialect by its name; `PostgreSQL 14` is PostgreSQL too. */
export async function inspectorOf(dialect: string): Promise<Inspector> {
  const name = Object.keys(INSPECTORS).find((one) => dialect === one || dialect.startsWith(`${one} `))
  const load = name === undefined ? undefined : INSPECTORS[name]
  if (load !== undefined) return load()
  throw new MigrationError(
    'unsupported',
    `The schema of ${dialect} cannot be read: there are inspectors for ${Object.keys(INSPECTORS).join(' and ')}.`,
  )
}
