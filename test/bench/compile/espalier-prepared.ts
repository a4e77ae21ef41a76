import { postgresDialect } from '@espalier/dialects/postgres'
import { type CompileCase, type Compiled, compileContender } from './cases.js'
import { statements } from './espalier-statements.js'

/** One statement object, asked for its SQL again and again; `toSQL` copies the parameters for each. */
const query = (name: CompileCase) => {
  const statement = statements[name](1)
  return (): Compiled => statement.toSQL(postgresDialect)
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
