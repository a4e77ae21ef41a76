import {
  type AnyObject,
  type CreateExtensionNode,
  type CreateSchemaNode,
  type CreateSequenceNode,
  columnOptions,
  type DeclaredSource,
  type Dialect,
  ddl,
  type Node,
  type ObjectDefinition,
  type Statement,
  type StatementNode,
} from '@espalier/core'
import { createNodes, declaredSource, definitionOf, describe } from './definition.js'
import { block, call, chain, type Layout, list } from './layout.js'
import type { Needs } from './module.js'
import type { TableContext } from './table.js'
import { stringSource, templateSource } from './text.js'
import { keySource, plainNumbers, saysAnything, valueSource } from './value.js'

/** Writes an object that is no table: a sequence, an extension, a schema, or what is declared by its source. */
export function objectSource(
  object: AnyObject,
  columnKeys: ReadonlyMap<string, string>,
  context: TableContext,
  dialect: Dialect,
  needs: Needs,
): Layout {
  const [node] = createNodes(object)
  switch (node?.kind) {
    case 'createSchema':
      return call(needs.core('schema'), [stringSource((node as CreateSchemaNode).name)])
    case 'createExtension': {
      const { name, schema, version } = node as CreateExtensionNode
      const options = { schema, version }
      return call(needs.core('extension'), [
        stringSource(name),
        ...(saysAnything(options) ? [valueSource(options)] : []),
      ])
    }
    case 'createSequence': {
      const { name, schema, type, options } = node as CreateSequenceNode
      const details = { schema, type, ...plainNumbers(options) }
      return call(needs.core('sequence'), [
        stringSource(name),
        ...(saysAnything(details) ? [valueSource(details)] : []),
      ])
    }
    default:
      return declaredObject(object, columnKeys, context, dialect, needs)
  }
}

function declaredObject(
  object: AnyObject,
  columnKeys: ReadonlyMap<string, string>,
  context: TableContext,
  dialect: Dialect,
  needs: Needs,
): Layout {
  const definition = definitionOf(object) as ObjectDefinition
  const { kind, name, schema } = describe(object)
  const { columns, onlyOn = definition.onlyOn } = declaredSource(object) ?? {}
  const needed = [...new Set(definition.needs)].flatMap((key) => {
    const found = context.variableOf(key)
    return found === undefined ? [] : [needs.variable(found)]
  })
  const statements = (nodes: readonly Node[]): Layout => {
    const all = nodes.map((node) => statementSource(node, dialect, needs))
    return all.length === 1 ? (all[0] as Layout) : block('[', all, ']')
  }
  const drop = definition.drop({ ifExists: false })
  const entries: (readonly [string, Layout])[] = [
    ['kind', stringSource(kind)],
    ['name', stringSource(name)],
    ...(schema === undefined ? [] : [['schema', stringSource(schema)] as const]),
    ['create', statements(createNodes(object))],
    ...(drop.length === 0 ? [] : [['drop', statements(drop)] as const]),
    ...(needed.length === 0 ? [] : [['dependsOn', list('[', needed, ']')] as const]),
    ...(onlyOn === undefined ? [] : [['onlyOn', stringSource(onlyOn)] as const]),
    ...(columns === undefined
      ? []
      : [['columns', columnsSource(columns, columnKeys, context, needs)] as const]),
  ]
  return [
    needs.core('declared'),
    '(',
    block(
      '{',
      entries.map(([key, value]) => [`${key}: `, value]),
      '}',
    ),
    ')',
  ]
}

/** The columns of a view: they are in no metadata, so a name is stated wherever it is not the key. */
function columnsSource(
  columns: NonNullable<DeclaredSource['columns']>,
  keys: ReadonlyMap<string, string>,
  { types }: TableContext,
  needs: Needs,
): Layout {
  const entries = Object.entries(columns).map(([given, builder]) => {
    const {
      name = given,
      sqlType,
      notNull,
    } = columnOptions(builder) as NonNullable<ReturnType<typeof columnOptions>>
    const key = keys.get(name) as string
    const source = types.source(sqlType, needs, key === name ? undefined : name)
    return [`${keySource(key)}: `, chain(source, notNull ? ['.notNull()'] : [])]
  })
  return block('{', entries, '}')
}

function statementSource(node: Node, dialect: Dialect, needs: Needs): Layout {
  const statement: Statement<never> = ddl(node as StatementNode)
  const { sql } = statement.toSQL(dialect, { inline: true })
  return `${needs.core('sql')}.statement\`${templateSource(sql)}\``
}
