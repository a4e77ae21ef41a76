import {
  bigint,
  bytes,
  cast,
  double,
  literal,
  numeric,
  real,
  round,
  select,
  sum,
  timestamptz,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'

const databases = await allDatabases()

describe('what every database computes alike', () => {
  it('is a decimal rounded half away from zero, also where the nearest binary fraction is less', async () => {
    const halves = [
      '2.675',
      '1.005',
      '-1.005',
      '8.345',
      '123456.785',
      '0.285',
      '1.995',
      '10',
      '99999999999.995',
    ]
    const rounded = halves.map((half) => round(literal(half, numeric()), 2))
    const cut = halves.map((half) => cast(literal(half, numeric()), numeric({ precision: 15, scale: 2 })))
    const expected = ['2.68', '1.01', '-1.01', '8.35', '123456.79', '0.29', '2', '10', '100000000000']
    for (const { db } of databases) {
      const one = await db.one(select(Object.fromEntries(rounded.map((each, i) => [`n${i}`, each]))))
      expect(Object.values(one)).toEqual(expected)
      const other = await db.one(select(Object.fromEntries(cut.map((each, i) => [`n${i}`, each]))))
      expect(Object.values(other).map(Number)).toEqual(expected.map(Number))
    }
  })

  it('is the whole part of a sum of bigints that is divided, of a group and of a window', async () => {
    const numbers = select({ n: literal(7n, bigint()) })
      .union(select({ n: literal(8n, bigint()) }))
      .as('numbers')
    const total = sum(numbers.n)
    for (const { db } of databases) {
      expect(await db.all(select(total.div(2n)).from(numbers))).toEqual([7n])
      expect(await db.all(select(total.filter(numbers.n.gt(7n)).over().div(3n)).from(numbers))).toEqual([
        2n,
        2n,
      ])
    }
  })

  it('has double precision where a set operation joins it to single precision', async () => {
    const both = select({ n: literal(0.5, real()) }).unionAll(select({ n: literal(1e300, double()) }))
    const again = both.as('again')
    for (const { db } of databases) {
      expect(await db.all(both)).toEqual([{ n: 0.5 }, { n: 1e300 }])
      expect(await db.all(select(again.n).from(again))).toEqual([0.5, 1e300])
    }
  })
})

describe('a value that is changed after its statement was compiled', () => {
  it('is sent as it was', () => {
    const moment = new Date(0)
    const bits = Uint8Array.of(1, 2)
    for (const dialect of [postgresDialect, sqliteDialect]) {
      const statement = select({ moment: literal(moment, timestamptz()), bits: literal(bits, bytes()) })
      const before = JSON.stringify(statement.toSQL(dialect).params)
      moment.setFullYear(2000)
      bits[0] = 9
      expect(JSON.stringify(statement.toSQL(dialect).params)).toBe(before)
      moment.setTime(0)
      bits[0] = 1
    }
  })
})
