import { createDialect, type Dialect, type Node } from '@espalier/core'
import { PostgresCompiler, postgresDialect } from '@espalier/dialects/postgres'
import { SqliteCompiler, sqliteDialect } from '@espalier/dialects/sqlite'

/** What is no operand: names, and values, whose position says their type. */
const BARE = new Set(['column', 'parameter', 'namedParameter', 'constant', 'output', 'defaultValue'])

/** Whether an expression is put in parentheses: all are, but for the call in front of `over`. */
function takesParentheses(node: Node, call: Node | undefined): boolean {
  return 'precedence' in node && !BARE.has(node.kind) && node !== call
}

class ParenthesisedPostgres extends PostgresCompiler {
  declare private call: Node | undefined
  override visit(node: Node): void {
    const around = takesParentheses(node, this.call)
    if (node.kind === 'window') this.call = (node as Node & { readonly call: Node }).call
    if (around) this.text('(')
    super.visit(node)
    if (around) this.text(')')
  }
}

class ParenthesisedSqlite extends SqliteCompiler {
  declare private call: Node | undefined
  override visit(node: Node): void {
    const around = takesParentheses(node, this.call)
    if (node.kind === 'window') this.call = (node as Node & { readonly call: Node }).call
    if (around) this.text('(')
    super.visit(node)
    if (around) this.text(')')
  }
}

/** Both dialects, with every expression in parentheses, whatever is known of precedence. */
export const parenthesised: ReadonlyMap<Dialect, Dialect> = new Map([
  [
    postgresDialect,
    createDialect({
      ...postgresDialect,
      compiler: (dialect, inline) => new ParenthesisedPostgres(dialect, inline),
    }),
  ],
  [
    sqliteDialect,
    createDialect({
      ...sqliteDialect,
      compiler: (dialect, inline) => new ParenthesisedSqlite(dialect, inline),
    }),
  ],
])
