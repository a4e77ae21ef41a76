import {
  array,
  arrayContains,
  bigint,
  bytes,
  cast,
  createAll,
  deleteFrom,
  double,
  insert,
  integer,
  literal,
  numeric,
  param,
  range,
  rangeContains,
  real,
  round,
  select,
  sum,
  table,
  timestamptz,
  tstzrange,
  unnest,
  update,
  updateMany,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { beforeAll, describe, expect, it } from 'vitest'
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

describe('a value that is changed after it was given', () => {
  const kept = table('kept', {
    id: integer().primaryKey(),
    moment: timestamptz().notNull(),
    bits: bytes().notNull(),
  })
  const first = { moment: new Date(0), bits: Uint8Array.of(1, 2) }
  const given = () => ({ moment: new Date(0), bits: Uint8Array.of(1, 2) })
  const change = ({ moment, bits }: ReturnType<typeof given>) => {
    moment.setUTCFullYear(2000)
    bits[0] = 9
  }

  beforeAll(async () => {
    for (const { db } of databases) {
      for (const statement of createAll([kept], db.dialect)) await db.run(statement)
    }
  })

  it('is in the statement as it was', async () => {
    for (const { db } of databases) {
      const values = given()
      const one = insert(kept).values({ id: 1, ...values })
      const two = insert(kept).values([
        { id: 2, ...values },
        { id: 3, ...values },
      ])
      change(values)
      await db.run(one)
      await db.run(two)
      const same = given()
      const found = select(kept.id)
        .from(kept)
        .where(kept.moment.eq(same.moment), kept.bits.eq(same.bits))
        .orderBy(kept.id)
      const later = { moment: new Date(86_400_000), bits: Uint8Array.of(7) }
      const changed = update(kept).set(later).where(kept.id.eq(2))
      const many = updateMany(kept, [{ id: 3, ...later }], { key: 'id' })
      change(same)
      change(later)
      expect(await db.all(found)).toEqual([1, 2, 3])
      await db.run(changed)
      await db.run(many)
      expect(await db.all(select(kept).from(kept).orderBy(kept.id))).toEqual([
        { id: 1, ...first },
        { id: 2, moment: new Date(86_400_000), bits: Uint8Array.of(7) },
        { id: 3, moment: new Date(86_400_000), bits: Uint8Array.of(7) },
      ])
      await db.run(deleteFrom(kept).everyRow())
    }
  })

  it('is loaded as it was, so that rows may share it and change it between them', async () => {
    function* rows() {
      const { moment, bits } = given()
      for (let id = 1; id <= 250; id++) {
        moment.setTime(id * 1000)
        bits[0] = id % 256
        yield { id, moment, bits }
      }
    }
    for (const { db } of databases) {
      expect(await db.load(kept, rows())).toEqual({ affected: 250 })
      const loaded = await db.all(select(kept).from(kept).orderBy(kept.id))
      expect(loaded).toEqual(
        Array.from({ length: 250 }, (_, i) => ({
          id: i + 1,
          moment: new Date((i + 1) * 1000),
          bits: Uint8Array.of((i + 1) % 256, 2),
        })),
      )
      await db.run(deleteFrom(kept).everyRow())
    }
  })

  it('is sent as it was when the prepared statement was run, however long it waits', async () => {
    for (const { db } of databases) {
      const values = given()
      const add = db.prepare(
        insert(kept).values({ id: 1, moment: param('moment', timestamptz()), bits: param('bits', bytes()) }),
      )
      const added = add.run(values)
      change(values)
      await added
      expect(await db.all(select(kept).from(kept))).toEqual([{ id: 1, ...first }])
      await db.run(deleteFrom(kept).everyRow())
    }
  })

  it('is an array or a range of such values', async () => {
    const lists = table('lists', { days: array(timestamptz()).notNull(), times: tstzrange().notNull() })
    for (const { name, db } of databases) {
      const numbers = [1, 2]
      const rows = unnest('u', { n: integer() }, { n: numbers })
      numbers.push(3)
      expect(await db.all(select(rows.n).from(rows).orderBy(rows.n)), name).toEqual([1, 2])
      if (db.dialect === sqliteDialect) continue
      for (const statement of createAll([lists], db.dialect)) await db.run(statement)
      const moment = new Date(0)
      const days = [moment]
      const row = { days, times: range(moment, null) }
      const added = insert(lists).values([row, row])
      const found = select(lists)
        .from(lists)
        .where(arrayContains(lists.days, days), rangeContains(lists.times, row.times))
      moment.setUTCFullYear(2000)
      days.push(moment)
      await db.run(added)
      const kept = { days: [new Date(0)], times: range(new Date(0), null) }
      expect(await db.all(found), name).toEqual([kept, kept])
    }
  })

  it('is not changed by who asks for the parameters of the statement', () => {
    for (const dialect of [postgresDialect, sqliteDialect]) {
      const statement = select({ bits: literal(Uint8Array.of(1), bytes()), n: literal(5, integer()) })
      const taken = statement.toSQL(dialect).params as unknown[]
      taken.length = 0
      expect(statement.toSQL(dialect).params).toHaveLength(2)
    }
  })
})
