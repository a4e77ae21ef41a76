import type { Catalog, Database } from '@espalier/core'
import type { Command } from 'commander'
import { inspectorOf } from '../catalog/inspector.js'
import { type ObjectSelection, selectObjects } from '../catalog/select.js'
import { versionTable } from '../run/version-table.js'
import type { CommonOptions } from './command.js'
import { withDatabase } from './load-config.js'
import type { Terminal } from './terminal.js'

/** The options by which a command takes a part of a schema. */
export interface SelectionOptions extends CommonOptions {
  readonly schema?: readonly string[]
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
}

/** Adds the options of {@link SelectionOptions} to a command. */
export function withSelection(command: Command): Command {
  return command
    .option('--schema <names...>', 'only what is in these schemas')
    .option('--include <names...>', 'only tables, views and the like of these names; * stands for anything')
    .option('--exclude <names...>', 'not those of these names')
}

/** The catalog of the configured database, without the table of Espalier itself, as far as the options ask for it. */
export async function readCatalog(
  options: SelectionOptions,
  terminal: Terminal,
  more: Pick<ObjectSelection, 'near' | 'distance'> = {},
): Promise<Catalog> {
  const { schema, include, exclude } = options
  return withDatabase(options, terminal, async (db: Database, config) => {
    const { inspect } = await inspectorOf(db.dialect.name)
    const catalog = await inspect(db)
    const own = versionTable(config.versionTable)
    return selectObjects(without(own.name, catalog), { schemas: schema, include, exclude, ...more })
  })
}

function without(name: string, catalog: Catalog): Catalog {
  return { ...catalog, tables: catalog.tables.filter((table) => table.name !== name) }
}
