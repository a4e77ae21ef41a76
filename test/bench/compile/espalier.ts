import { postgresDialect } from '@espalier/dialects/postgres'
import { type CompileCase, type Compiled, compileContender } from './cases.js'
import { statements } from './espalier-statements.js'

const query = (name: CompileCase) => {
  const build = statements[name]
  return (i: number): Compiled => build(i).toSQL(postgresDialect)
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
