import {
  byteLength,
  CompileError,
  Compiler,
  type ExpressionNode,
  FunctionNode,
  NUMERIC,
  Position,
  type SqlType,
  WindowNode,
} from '@espalier/core'

const NUMBERED = Array.from({ length: 100 }, (_, i) => `$${i}`)
const singles: string[] = []
const batches = new Map<string, string>()

function numberedRows(first: number, width: number, rows: number): string {
  const texts: string[] = []
  for (let r = 0, number = first; r < rows; r++) {
    let text = '('
    for (let c = 0; c < width; c++) text += c === 0 ? `$${++number}` : `, $${++number}`
    texts.push(`${text})`)
  }
  return `values ${texts.join(', ')}`
}

/** Writes PostgreSQL. Parameters are numbered, and cast wherever their position does not say their type. */
export class PostgresCompiler extends Compiler {
  /**
   * PostgreSQL infers the type of `$1` from where it stands, and takes text where it finds nothing: `select $1`,
   * `case … then $1`, `json -> $1` and functions with several signatures would silently get the wrong type.
   */
  protected placeholder(encoded: unknown, type: SqlType, position: number): void {
    const number = this.params.push(encoded)
    this.sql += number < NUMBERED.length ? (NUMBERED[number] as string) : `$${number}`
    if (position === Position.free && type.name !== 'unknown') this.sql += `::${this.codec(type).ddl(type)}`
  }

  /** Batches of one size come one after the other; their text is kept, not made again. */
  placeholderRows(first: number, width: number, rows: number): string {
    if (first > 0) return numberedRows(first, width, rows)
    if (rows === 1 && width < NUMBERED.length) {
      singles[width] ??= numberedRows(0, width, 1)
      return singles[width]
    }
    const size = `${width} ${rows}`
    const known = batches.get(size)
    if (known !== undefined) return known
    const text = numberedRows(first, width, rows)
    if (batches.size >= 8) batches.clear()
    batches.set(size, text)
    return text
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

  override checkName(name: string): void {
    if (byteLength(name) <= 63) return
    throw new CompileError(
      'name_too_long',
      `PostgreSQL keeps 63 bytes of a name and cuts the rest; "${name}" has ${byteLength(name)}. Choose a shorter one.`,
    )
  }
}

/** PostgreSQL's sum of bigints is numeric, whose quotient by a bigint would have a fraction. */
function isBigintSum(node: FunctionNode): boolean {
  return node.name === 'sum' && node.type.family === 'bigint'
}
