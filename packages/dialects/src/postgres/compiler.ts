import {
  Compiler,
  type ExpressionNode,
  type FunctionNode,
  Position,
  type SqlType,
  type WindowNode,
} from '@espalier/core'

const NUMBERED = Array.from({ length: 100 }, (_, i) => `$${i}`)

/** Writes PostgreSQL. Parameters are numbered, and cast wherever their position does not say their type. */
export class PostgresCompiler extends Compiler {
  /**
   * PostgreSQL infers the type of `$1` from where it stands, and takes text where it finds nothing: `select $1`,
   * `case … then $1`, `json -> $1` and functions with several signatures would silently get the wrong type.
   */
  protected placeholder(encoded: unknown, type: SqlType, position: number): void {
    this.sql += this.placeholderAt(this.params.push(encoded))
    if (position === Position.free && type.name !== 'unknown') this.sql += `::${this.codec(type).ddl(type)}`
  }

  placeholderAt(number: number): string {
    return number < NUMBERED.length ? (NUMBERED[number] as string) : `$${number}`
  }

  override function(node: FunctionNode): void {
    // round(double precision, integer) does not exist: two digits of a double are those of its decimal form.
    if (node.name === 'round' && node.type.family === 'real') {
      this.sql += 'cast(round(cast('
      this.visit(node.args[0] as ExpressionNode)
      this.sql += ' as numeric), '
      this.visit(node.args[1] as ExpressionNode)
      this.sql += `) as ${this.codec(node.type).ddl(node.type)})`
      return
    }
    if (node.type.family === 'boolean' && (node.name === 'min' || node.name === 'max')) {
      const name = node.name === 'min' ? 'bool_and' : 'bool_or'
      super.function({ ...node, name } as FunctionNode)
      return
    }
    if (!isBigintSum(node) || node === this.windowed) {
      super.function(node)
      return
    }
    this.sql += 'cast('
    super.function(node)
    this.sql += ' as bigint)'
  }

  /** The call whose window is being written: what goes around the call then goes around the window. */
  private windowed: FunctionNode | undefined = undefined

  window(node: WindowNode): void {
    if (!isBigintSum(node.call)) {
      node.write(this)
      return
    }
    this.windowed = node.call
    this.sql += 'cast('
    node.write(this)
    this.sql += ' as bigint)'
  }
}

/** PostgreSQL's sum of bigints is numeric, whose quotient by a bigint would have a fraction. */
function isBigintSum(node: FunctionNode): boolean {
  return node.name === 'sum' && node.type.family === 'bigint'
}
