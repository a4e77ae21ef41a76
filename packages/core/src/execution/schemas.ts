import type { Compiled } from '../compiler/compiled.js'
import type { Dialect } from '../compiler/dialect.js'
import { BuildError, excerpt } from '../errors.js'
import { TableNode } from '../schema/definition.js'
import type { Node } from '../tree/node.js'
import { rewrite } from '../tree/rewrite.js'
import type { ToSqlOptions } from '../types/dialect.js'

/**
 * The schemas that stand in place of those of the tables, by their names; a text alone, or the one under `''`, is for tables
 * that have none.
 */
export type SchemaMap = string | Readonly<Record<string, string>>

/** The dialects of maps by those whose statements they translate: one for each map, so that it remembers what it compiled. */
const translations = new WeakMap<Dialect, Map<string, Dialect>>()
/** The dialects below. */
const originals = new WeakMap<Dialect, Dialect>()
/** More maps than this are not remembered for each dialect: the oldest go first. */
const REMEMBERED = 1000

/** A dialect that writes tables with other schemas; of one that does so already, in place of its own. */
export function translated(dialect: Dialect, given: SchemaMap): Dialect {
  const base = originals.get(dialect) ?? dialect
  const schemas = readMap(given)
  const key = JSON.stringify(schemas)
  let known = translations.get(base)
  if (known === undefined) {
    known = new Map()
    translations.set(base, known)
  }
  const found = known.get(key)
  if (found !== undefined) return found
  const made = translation(base, new Map(schemas))
  if (known.size >= REMEMBERED) known.delete(known.keys().next().value as string)
  known.set(key, made)
  originals.set(made, base)
  return made
}

function translation(base: Dialect, schemas: ReadonlyMap<string, string>): Dialect {
  const tableOf = (table: TableNode): TableNode => {
    const schema = schemas.get(table.schema ?? '')
    return schema === undefined ? table : new TableNode(table.name, schema)
  }
  const statements = new WeakMap<Node, Node>()
  const translate = (statement: Node): Node => {
    let known = statements.get(statement)
    if (known === undefined) {
      known = rewrite(statement, (node) => (node.kind === 'table' ? tableOf(node as TableNode) : node))
      statements.set(statement, known)
    }
    return known
  }
  return {
    ...base,
    tableOf,
    compile: (statement: Node): Compiled => base.compile(translate(statement)),
    toSQL: (node: Node, options?: ToSqlOptions) => base.toSQL(translate(node), options),
  }
}

function readMap(given: SchemaMap): [from: string, to: string][] {
  const entries = typeof given === 'string' ? [['', given] as [string, string]] : Object.entries(given ?? {})
  const wrong = entries.find(([, to]) => typeof to !== 'string' || to === '')
  if (entries.length === 0 || wrong !== undefined || Array.isArray(given)) {
    throw new BuildError(
      'invalid_schema',
      "withSchema takes the name of a schema for tables that have none, or names by those that tables have: withSchema('tenant_7'), " +
        `withSchema({ app: 'tenant_7' }). This is ${excerpt(given)}.`,
    )
  }
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}
