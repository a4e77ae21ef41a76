import type { Node } from '../tree/node.js'
import type { Sql, ToSqlOptions } from '../types/dialect.js'
import type { Compiled } from './compiled.js'
import type { Compiler } from './compiler.js'
import type { Dialect } from './dialect.js'

/** All that a dialect is, but how it compiles. */
export interface DialectParts extends Omit<Dialect, 'compile' | 'toSQL'> {
  /** Makes the compiler of one statement. */
  readonly compiler: (dialect: Dialect, inline: boolean) => Compiler
}

/** Makes a dialect of its parts. */
export function createDialect({ compiler, ...parts }: DialectParts): Dialect {
  const dialect: Dialect = {
    ...parts,
    compile(statement: Node): Compiled {
      const holder = statement as { compiled?: Compiled | undefined }
      for (let known = holder.compiled; known !== undefined; known = known.next) {
        if (known.dialect === dialect) return known
      }
      const compiled = compiler(dialect, false).compile(statement)
      compiled.next = holder.compiled
      holder.compiled = compiled
      return compiled
    },
    toSQL(node: Node, options?: ToSqlOptions): Sql {
      if (options?.inline === true) return { sql: compiler(dialect, true).compile(node).sql, params: [] }
      const { sql, params } = dialect.compile(node)
      return { sql, params: params.slice() }
    },
  }
  return dialect
}
