import {
  type AggregateNode,
  Compiler,
  type ExpressionNode,
  type FunctionNode,
  type NamedParameterNode,
  Position,
  type SqlType,
  type WindowedNode,
  type WindowNode,
  type WrittenNode,
} from '@espalier/core'
import { postgresAggregate, postgresFunctions } from './functions.js'

const NUMBERED = Array.from({ length: 100 }, (_, i) => `$${i}`)

/** Writes PostgreSQL. Parameters are numbered, and cast wherever their position does not say their type. */
export class PostgresCompiler extends Compiler {
  /**
   * PostgreSQL infers the type of `$1` from where it stands, and takes text where it finds nothing: `select $1`,
   * `case … then $1`, `json -> $1` and functions with several signatures would silently get the wrong type.
   */
  protected placeholder(encoded: unknown, type: SqlType, position: number): void {
    this.sql += this.placeholderAt(this.sharing ? this.shared(encoded, type) : this.params.push(encoded))
    if (position === Position.free && type.name !== 'unknown') this.sql += `::${this.codec(type).ddl(type)}`
  }

  /** The types of parameters that others may share, by their index. */
  declare private sharedTypes: (string | undefined)[] | undefined

  /** The number of a parameter of this value, which may be one that is there. */
  private shared(encoded: unknown, { name }: SqlType): number {
    this.sharedTypes ??= []
    const { params, sharedTypes } = this
    for (let i = 0; i < sharedTypes.length; i++) {
      if (sharedTypes[i] === name && isSame(params[i], encoded)) return i + 1
    }
    // Of a type that is not known, each position may make another.
    if (name !== 'unknown' && encoded !== undefined) sharedTypes[params.length] = name
    return params.push(encoded)
  }

  override namedParameter(node: NamedParameterNode, position: number = Position.free): void {
    const known =
      this.sharing && node.type.name !== 'unknown'
        ? this.named?.find(({ name, type }) => name === node.name && type.name === node.type.name)
        : undefined
    if (known === undefined) super.namedParameter(node, position)
    else {
      this.sql += this.placeholderAt(known.index + 1)
      if (position === Position.free) this.sql += `::${this.codec(node.type).ddl(node.type)}`
    }
  }

  placeholderAt(number: number): string {
    return number < NUMBERED.length ? (NUMBERED[number] as string) : `$${number}`
  }

  function(node: FunctionNode): void {
    if (postgresFunctions.get(node.name)?.(node, this) !== true) node.write(this)
  }

  aggregate(node: AggregateNode): void {
    const name = postgresAggregate(node)
    if (name !== undefined) node.with({}, name).write(this)
    else if (!isBigintSum(node) || node === this.windowed) node.write(this)
    else this.asBigint(node)
  }

  /** The call whose window is being written: what goes around the call then goes around the window. */
  declare private windowed: ExpressionNode | undefined

  window(node: WindowNode): void {
    if (!isBigintSum(node.call)) {
      node.write(this)
      return
    }
    this.windowed = node.call
    this.asBigint(node)
  }

  private asBigint(node: WrittenNode): void {
    this.sql += 'cast('
    node.write(this)
    this.sql += ' as bigint)'
  }
}

/** Whether two encoded values are one. */
function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (a instanceof Date && b instanceof Date && a.getTime() === b.getTime())
}

/** PostgreSQL's sum of bigints is numeric, whose quotient by a bigint would have a fraction. */
function isBigintSum(node: WindowedNode): boolean {
  return node.name === 'sum' && node.type.family === 'bigint'
}
