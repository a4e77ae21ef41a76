import {
  Compiler,
  type ExpressionNode,
  FunctionNode,
  NUMERIC,
  Position,
  type SqlType,
  WindowNode,
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
    if (isBigintSum(node)) this.asBigint(() => super.function(node))
    else super.function(node)
  }

  window(node: WindowNode): void {
    const { call, partitionBy, orderBy, type } = node
    if (!isBigintSum(call)) {
      node.write(this)
      return
    }
    const sum = new FunctionNode(call.name, call.args, call.isDistinct, call.where, NUMERIC)
    this.asBigint(() => new WindowNode(sum, partitionBy, orderBy, type).write(this))
  }

  private asBigint(write: () => void): void {
    this.sql += 'cast('
    write()
    this.sql += ' as bigint)'
  }
}

/** PostgreSQL's sum of bigints is numeric, whose quotient by a bigint would have a fraction. */
function isBigintSum(node: FunctionNode): boolean {
  return node.name === 'sum' && node.type.family === 'bigint'
}
