import { postgresDialect } from '@espalier/dialects/postgres'
import { type CompileCase, type Compiled, compileContender } from './cases.js'
import { statements } from './espalier-statements.js'

/** One statement object, asked for its SQL again and again; everybody who asks gets parameters of his own. */
const query = (name: CompileCase) => {
  const statement = statements[name](1)
  return (): Compiled => {
    const { sql, params } = statement.toSQL(postgresDialect)
    return { sql, params: params.slice() }
  }
}

export const open = () =>
  compileContender(
    {
      a: query('a'),
      b: query('b'),
      c: query('c'),
      d: query('d'),
      e: query('e'),
      f: query('f'),
      g: query('g'),
    },
    (compiled) => compiled,
    (compiled) => compiled.sql,
  )
