import type { Node } from '../tree/node.js'
import type { Sql, ToSqlOptions } from '../types/dialect.js'
import type { Compiled } from './compiled.js'
import type { Compiler } from './compiler.js'
import type { Dialect } from './dialect.js'

/** All that a dialect is, but how it compiles. */
export interface DialectParts extends Omit<Dialect, 'compile' | 'toSQL'> {
  readonly compiler: new (dialect: Dialect, inline: boolean) => Compiler
}

/** What a statement object remembers of one dialect. */
interface Memory {
  readonly dialect: Dialect
  readonly compiled: Compiled
  readonly next: Memory | undefined
}

/** Makes a dialect of its parts. */
export function createDialect({ compiler: CompilerClass, ...parts }: DialectParts): Dialect {
  // One compiler is used again for every statement; while it works, or once it has failed, another is made.
  let idle: Compiler | undefined
  const compileWith = (statement: Node): Compiled => {
    const compiler = idle ?? new CompilerClass(dialect, false)
    idle = undefined
    const compiled = compiler.compile(statement)
    idle = compiler
    return compiled
  }
  const dialect: Dialect = {
    ...parts,
    compile(statement: Node): Compiled {
      const holder = statement as { compiled?: Memory | undefined }
      for (let memory = holder.compiled; memory !== undefined; memory = memory.next) {
        if (memory.dialect === dialect) return memory.compiled
      }
      const compiled = compileWith(statement)
      holder.compiled = { dialect, compiled, next: holder.compiled }
      return compiled
    },
    toSQL(node: Node, options?: ToSqlOptions): Sql {
      if (options?.inline === true)
        return { sql: new CompilerClass(dialect, true).compile(node).sql, params: [] }
      const { sql, params } = dialect.compile(node)
      return { sql, params: params.slice() }
    },
  }
  return dialect
}
