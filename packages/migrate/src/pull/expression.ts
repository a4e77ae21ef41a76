import type {
  CollateNode,
  ColumnNode,
  ExpressionNode,
  IndexKeyNode,
  Node,
  OrderingNode,
  SqlType,
} from '@espalier/core'
import { call, type Layout } from './layout.js'
import type { Needs } from './module.js'
import { stringSource, templateSource } from './text.js'
import { type TypeWriter, writtenType } from './types.js'
import { storageParameters, valueSource } from './value.js'

/** What a dialect knows of the source text of its expressions. */
export interface ExpressionReader {
  /** The value that an expression is as the default of a column of a type; undefined where it is none, or written otherwise. */
  readonly valueOf: (source: string, type: SqlType) => unknown
  /** Whether an expression is what `now()` writes for a type. */
  readonly isNow: (source: string, type: SqlType) => boolean
}

/** What source text may name: the columns of a table by their keys. */
export interface ColumnScope {
  readonly variable: string
  readonly keys: ReadonlyMap<string, string>
}

/** A column as source text: `t.email`. */
export function columnSource({ variable, keys }: ColumnScope, name: string): string {
  const key = keys.get(name)
  if (key === undefined) throw new Error(`There is no column ${name}.`)
  return `${variable}.${key}`
}

/** Writes expressions as source text, and counts those that stay SQL. */
export class ExpressionWriter {
  /** How many expressions are written as SQL. */
  rawCount = 0

  constructor(
    private readonly types: TypeWriter,
    private readonly reader: ExpressionReader,
  ) {}

  /** A default: a value where the expression is one, otherwise SQL of the type of its column. */
  default(node: ExpressionNode, given: SqlType, needs: Needs): Layout {
    const type = writtenType(given)
    const source = plainSource(node)
    if (source !== undefined) {
      if (this.reader.isNow(source, type)) return `${needs.core('now')}()`
      const value = this.reader.valueOf(source, type)
      if (value !== undefined) return valueSource(value)
    }
    return this.typed(node, type, needs)
  }

  /** A value of a type that is no default of a column: the bound of a partition. */
  value(node: ExpressionNode, type: SqlType, needs: Needs): Layout {
    const source = plainSource(node)
    const value = source === undefined ? undefined : this.reader.valueOf(source, type)
    return value === undefined ? this.raw(node, needs) : valueSource(value)
  }

  /** SQL of a type, which states it. */
  typed(node: ExpressionNode, type: SqlType, needs: Needs, scope?: ColumnScope): Layout {
    if (type.family === 'unknown') return this.raw(node, needs, scope)
    this.rawCount++
    return [call(needs.core('sql'), [this.types.source(type, needs)]), template(node, needs, scope)]
  }

  /** A predicate as SQL. */
  predicate(node: ExpressionNode, needs: Needs, scope?: ColumnScope): Layout {
    this.rawCount++
    return [`${needs.core('sql')}<boolean>`, template(node, needs, scope)]
  }

  /** An expression as SQL, or a column. */
  raw(node: Node, needs: Needs, scope?: ColumnScope): Layout {
    if (node.kind === 'column' && scope !== undefined) return columnSource(scope, (node as ColumnNode).name)
    this.rawCount++
    return [needs.core('sql'), template(node, needs, scope)]
  }

  /** What an index or a constraint is over. */
  indexKey(node: Node, needs: Needs, scope: ColumnScope): Layout {
    if (node.kind === 'indexKey') {
      const { key, operatorClass, options } = node as IndexKeyNode
      const name =
        typeof operatorClass === 'string' ? stringSource(operatorClass) : valueSource(operatorClass)
      return call(needs.core('operatorClass'), [
        this.indexKey(key, needs, scope),
        name,
        ...(options === undefined ? [] : [valueSource(storageParameters(options))]),
      ])
    }
    if (node.kind === 'ordering') {
      const { expression, direction, nulls } = node as OrderingNode
      const last = nulls === undefined ? '' : nulls === 'first' ? '.nullsFirst()' : '.nullsLast()'
      return [this.indexKey(expression, needs, scope), `.${direction}()${last}`]
    }
    if (node.kind === 'collate') {
      const { operand, collation } = node as CollateNode
      const inner =
        operand.kind === 'column'
          ? this.raw(operand, needs, scope)
          : this.typed(operand, { name: 'text', family: 'text' }, needs, scope)
      return call(needs.core('collate'), [inner, ...collation.map(stringSource)])
    }
    return this.raw(node, needs, scope)
  }
}

/** The source of an expression that is nothing but SQL by its source. */
function plainSource(node: Node): string | undefined {
  const { kind, texts, parts } = node as Partial<RawParts> & Node
  if ((kind !== 'raw' && kind !== 'fragment') || texts === undefined || parts === undefined) return undefined
  let source = ''
  for (const [i, text] of texts.entries()) {
    const part = parts[i]
    if (part !== undefined && part.kind !== 'fragment') return undefined
    const inner = part === undefined ? '' : plainSource(part)
    if (inner === undefined) return undefined
    source += text + inner
  }
  return source
}

interface RawParts {
  readonly texts: readonly string[]
  readonly parts: readonly Node[]
}

/** An expression of SQL as a template, columns and names in their places. */
function template(node: Node, needs: Needs, scope?: ColumnScope): Layout {
  return `\`${templateBody(node, needs, scope)}\``
}

function templateBody(node: Node, needs: Needs, scope: ColumnScope | undefined, isOperand = false): string {
  if (node.kind === 'raw' || node.kind === 'fragment') {
    const { texts, parts } = node as unknown as RawParts
    const body = texts
      .map((text, i) => {
        const part = parts[i]
        return templateSource(text) + (part === undefined ? '' : templateBody(part, needs, scope, true))
      })
      .join('')
    // An expression within another is in parentheses.
    return isOperand && node.kind === 'raw' ? `(${body})` : body
  }
  if (node.kind === 'column' && scope !== undefined) {
    return `\${${columnSource(scope, (node as ColumnNode).name)}}`
  }
  if (node.kind === 'identifier') {
    const { path } = node as Node & { readonly path: readonly string[] }
    return `\${${needs.core('sql')}.identifier(${path.map(stringSource).join(', ')})}`
  }
  throw new Error(`An expression of the kind ${node.kind} has no source text.`)
}
