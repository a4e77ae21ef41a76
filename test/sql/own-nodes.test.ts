import {
  ExpressionNode,
  type Fields,
  integer,
  literal,
  select,
  TEXT,
  type Typed,
  type Writer,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'

/** A node of somebody else's, of any kind. */
class OwnNode extends ExpressionNode {
  static readonly fields: Fields<OwnNode> = { kind: 'data' }
  readonly type = TEXT
  override write(to: Writer): void {
    to.text(`'own'`)
  }
}

describe('a node of one’s own writes itself, whatever its kind is called', () => {
  it.each([
    'own',
    'list',
    'key',
    'visit',
    'operand',
    'compile',
    'sql',
    'dialect',
    'value',
    'codec',
    'scope',
    'toString',
    '__proto__',
    'constructor',
    'placeholder',
    'placeholderAt',
    'literal',
    'orderKey',
    'orderings',
    'namedParameter',
    'shared',
    'mayBeNull',
    'renamed',
    'identityKey',
  ])('%s', (kind) => {
    const x = new OwnNode(kind) as unknown as Typed<'text', string, never, never>
    const statement = select({ x, n: literal(1, integer()) })
    expect(statement.toSQL(postgresDialect).sql).toBe(`select 'own' as "x", $1::integer as "n"`)
    expect(statement.toSQL(sqliteDialect).sql).toBe(`select 'own' as "x", ? as "n"`)
  })
})
