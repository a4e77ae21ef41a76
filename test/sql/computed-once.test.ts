import {
  addInterval,
  bigint,
  cast,
  cte,
  extract,
  greatest,
  gtAny,
  jsonb,
  jsonHasKey,
  jsonOf,
  jsonSet,
  lpad,
  random,
  type Statement,
  secondsBetween,
  select,
  splitPart,
  sql,
  text,
  timestamptz,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqlite, sqliteDialect } from '@espalier/dialects/sqlite'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { errorOf } from '../support/sql.js'

const word = cast(random(), text())
const time = sql(timestamptz().notNull())`now_and_then(RANDOM())`
const document = sql(jsonb().notNull())`json_array(${random()})`

describe('what SQLite would compute twice is no random value', () => {
  const refused: readonly (readonly [string, Statement<unknown>])[] = [
    ['greatest', select(greatest(random(), 1))],
    ['lpad', select(lpad(word, 5, '-'))],
    ['split_part', select(splitPart(word, '.', 1))],
    ['the cast', select(cast(random(), bigint()))],
    ['a part or a difference', select(extract('epoch', time))],
    ['a part or a difference', select(secondsBetween(time, new Date(0)))],
    ['a sum with months', select(addInterval(time, { months: 1 }))],
    ['a comparison with several values', select(gtAny(random(), [0.1, 0.2]))],
    ['the text', select(jsonOf(document).at(0).text())],
    ['a test for keys', select(jsonHasKey(document, 'a'))],
    ['json_set', select(jsonSet(document, ['a', 'b'], 1))],
    ['greatest', select(greatest(select(random()).scalar(), 1))],
  ]
  it.each(refused)('%s', async (place, statement) => {
    expect(statement.toSQL(postgresDialect).sql).toMatch(/random\(\)/i)
    const error = await errorOf(() => statement.toSQL(sqliteDialect))
    expect(error).toMatchObject({ name: 'UnsupportedError' })
    expect(error.message).toBe(
      `SQLite has no ${place} of a random value, which it would compute twice. Compute that first: cte('random', select({ … }), { materialized: true }).`,
    )
  })

  it('but one that a CTE has computed', async () => {
    const db = sqlite(':memory:')
    const once = cte('random', select({ x: random() }), { materialized: true })
    const rows = await db.all(select({ a: greatest(once.x, 0), b: once.x }).from(once))
    expect(rows[0]?.a).toBe(rows[0]?.b)
    await db.close()
  })

  it('nor is one refused where it stands once', () => {
    expect(select(random().add(1)).toSQL(sqliteDialect).sql).toMatch(/^select \(\(random\(\) & /)
    expect(select(random().in([0.5])).toSQL(sqliteDialect).sql).toMatch(/ in \(\?\)/)
  })
})

describe('the version of SQLite', () => {
  it('is 3.44 at least', async () => {
    const old = new Database(':memory:')
    old.function('sqlite_version', () => '3.43.2')
    const error = await errorOf(() => sqlite(old))
    expect(error).toMatchObject({ name: 'UnsupportedError', code: 'unsupported_version' })
    expect(error.message).toMatch(/SQLite 3\.43\.2; 3\.44 or later is needed/)
    old.close()
  })
})
