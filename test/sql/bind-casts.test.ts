import {
  and,
  bigint,
  boolean,
  bytes,
  caseWhen,
  coalesce,
  count,
  createTable,
  cte,
  date,
  double,
  fn,
  insert,
  integer,
  json,
  jsonb,
  literal,
  max,
  nullIf,
  numeric,
  param,
  real,
  recursiveCte,
  select,
  sql,
  sum,
  type TextExpression,
  text,
  timestamp,
  timestamptz,
  update,
  uuid,
  varchar,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { beforeAll, describe, expect, it } from 'vitest'
import { bothDatabases } from '../support/databases.js'
import { every } from '../support/sample-schema.js'

// PostgreSQL infers the type of a parameter from where it stands, and takes text where it finds nothing.
const { postgresql: db } = await bothDatabases()
beforeAll(async () => {
  await db.run(createTable(every))
})

type Selected = Parameters<typeof select>[0]
const typeOf = (expression: unknown) =>
  sql(text())`pg_typeof(${expression})::text` as unknown as TextExpression<string, never, never>
const day = new Date('2026-11-21T10:30:00.123Z')

const literals = {
  integer: [literal(1, integer()), 1],
  bigint: [literal(1n, bigint()), 1n],
  numeric: [literal('1.5', numeric()), '1.5'],
  real: [literal(1.5, real()), 1.5],
  'double precision': [literal(1.5, double()), 1.5],
  boolean: [literal(true, boolean()), true],
  text: [literal('1', text()), '1'],
  'character varying': [literal('x', varchar(5)), 'x'],
  date: [literal('2026-11-21', date()), '2026-11-21'],
  'timestamp without time zone': [literal(day, timestamp()), day],
  'timestamp with time zone': [literal(day, timestamptz()), day],
  json: [literal({ a: 1 }, json()), { a: 1 }],
  jsonb: [literal({ a: 1 }, jsonb()), { a: 1 }],
  uuid: [literal('6f9619ff-8b86-4d11-b42d-00cf4fc964ff', uuid()), '6f9619ff-8b86-4d11-b42d-00cf4fc964ff'],
  bytea: [literal(new Uint8Array([1]), bytes()), new Uint8Array([1])],
} as const

describe.each(Object.entries(literals))('a %s where nothing else says its type', (type, [value, js]) => {
  // Any of them; for the type checker, a text.
  const node = value as unknown as TextExpression<string, never, never>
  const check = async (expression: unknown) => {
    const rows = await db.all(
      select({ type: typeOf(expression as Selected), value: expression as Selected }) as never,
    )
    expect(rows).toEqual([{ type, value: js }])
  }
  it('select $1', () => check(node))
  it('case … then $1', () => check(caseWhen(literal(true, boolean()), node).end()))
  it('case … else $1', () => check(caseWhen(literal(false, boolean()), node).else(node)))
  it('coalesce($1, $2)', () => check(coalesce(node, node)))
  it('(select $1)', () => check(select({ a: node }).scalar()))
  it('in FROM', async () => {
    const inner = select({ a: node }).as('inner')
    expect(await db.all(select({ type: typeOf(inner.a), value: inner.a }).from(inner) as never)).toEqual([
      { type, value: js },
    ])
  })
  it('in a CTE', async () => {
    const inner = cte('inner', select({ a: node }))
    expect(await db.all(select({ type: typeOf(inner.a), value: inner.a }).from(inner) as never)).toEqual([
      { type, value: js },
    ])
  })
  it('in a set operation', async () => {
    const inner = select({ a: node })
      .unionAll(select({ a: node }))
      .as('inner')
    const query = select({ type: typeOf(inner.a), value: inner.a })
      .from(inner)
      .limit(1)
    expect(await db.all(query)).toEqual([{ type, value: js }])
  })
  it('as a named parameter', async () => {
    const definition = { sqlType: (node as unknown as { type: object }).type } as never
    const statement = db.prepare(
      select({ type: typeOf(param('v', definition)), value: param('v', definition) }) as never,
    )
    expect(await statement.all({ v: js } as never)).toEqual([{ type, value: js }])
  })
})

describe('a value takes the type of its company', () => {
  const cases = {
    'bigint + value': [literal(1n, bigint()).add(1n), 'bigint', 2n],
    'value of another kind of number': [
      literal(1, integer()).add(literal('0.5', numeric())),
      'numeric',
      '1.5',
    ],
    'numeric * value': [literal('1.5', numeric()).mul('2'), 'numeric', '3'],
    'real + value': [literal(1.5, real()).add(1), 'real', 2.5],
    'double / value': [literal(7, double()).div(2), 'double precision', 3.5],
    'integer / value': [literal(7, integer()).div(2), 'integer', 3],
    'text || value': [literal('a', text()).concat('1'), 'text', 'a1'],
    'count + value': [sql(integer())`(${select(count().add(1))})`, 'bigint', 2],
    'sum + value': [sql(integer())`(${select(sum(literal(4, integer())).add(1))})`, 'bigint', 5],
    'coalesce(sum, 0)': [sql(integer())`(${select(coalesce(sum(literal(4, integer())), 0))})`, 'bigint', 4],
    'max = value': [
      sql(boolean())`(${select(max(literal('2026-11-21', date())).eq('2026-11-21'))})`,
      'boolean',
      true,
    ],
    'nullif(date, value)': [nullIf(literal('2026-11-21', date()), '2026-11-20'), 'date', '2026-11-21'],
    'value = value': [literal('2', text()).lt('10'), 'boolean', false],
    'number < number, not as text': [literal(2, integer()).lt(10), 'boolean', true],
    'timestamp between values': [literal(day, timestamp()).between(day, day), 'boolean', true],
    'date in values': [literal('2026-11-21', date()).in(['2026-11-21']), 'boolean', true],
    'json ->> key': [sql(text())`${literal({ a: ['x', 'y'] }, json())} -> ${'a'} ->> ${1}`, 'text', 'y'],
    'json index': [sql(json())`${literal(['x', 'y'], json())} -> ${1}`, 'json', 'y'],
    'timestamp - timestamp': [
      sql(text())`(${literal(day, timestamp())} - ${literal(day, timestamp())})::text`,
      'text',
      '00:00:00',
    ],
    'a function of several signatures': [fn('abs', integer(), literal(-5, integer())), 'integer', 5],
    'a function over numerics': [fn('abs', numeric(), literal('-5.5', numeric())), 'numeric', '5.5'],
    'generate_series of values': [
      sql(integer())`(select max(n) from generate_series(${1}, ${3}) as n)`,
      'integer',
      3,
    ],
    'array of values': [sql(integer())`(array[${1}, ${2}] || array[3])[2]`, 'integer', 2],
    'a bare integer in raw SQL': [sql(integer())`${5}`, 'integer', 5],
    'a bare great integer in raw SQL': [sql(integer())`${5_000_000_000}`, 'bigint', 5_000_000_000],
    'a bare fraction in raw SQL': [sql(double())`${0.5}`, 'double precision', 0.5],
    'a bare object in raw SQL': [sql(jsonb())`${{ a: 1 }}`, 'jsonb', { a: 1 }],
  } as const
  it.each(Object.entries(cases))('%s', async (_, [expression, type, value]) => {
    const rows = await db.all(
      select({ type: typeOf(expression as never), value: expression as never }) as never,
    )
    expect(rows).toEqual([{ type, value }])
  })

  it('the steps of a recursive CTE', async () => {
    const numbers = recursiveCte(
      'numbers',
      select({ n: literal(1n, bigint()), path: literal('', text()) }),
      (self) =>
        select({ n: self.n.mul(2n), path: self.path.concat('x') })
          .from(self)
          .where(self.n.lt(100n)),
    )
    expect(await db.all(select(numbers).from(numbers).orderBy(numbers.n.desc()).limit(1))).toEqual([
      { n: 128n, path: 'xxxxxxx' },
    ])
  })
})

describe('columns', () => {
  it('take values of every type in rows of values, in conflicts and in updates', async () => {
    const row = {
      integer: 1,
      bigint: 2n,
      numeric: '3.5',
      money: '1.25',
      real: 0.5,
      double: 0.25,
      boolean: true,
      text: 't',
      code: 'c',
      date: '2026-11-21',
      timestamp: day,
      timestamptz: day,
      json: { a: 1 },
      jsonb: { a: 1 },
      uuid: '6f9619ff-8b86-4d11-b42d-00cf4fc964ff',
      bytes: new Uint8Array([1]),
    }
    await db.run(
      insert(every).values([
        { id: 1, ...row },
        { id: 2, ...row },
      ]),
    )
    await db.run(
      insert(every).values(
        [
          { id: 3, ...row },
          { id: 4, ...row, text: literal('e', text()).concat('!') },
        ].map((r) => ({ ...r, text: 'x' })),
      ),
    )
    await db.run(
      insert(every)
        .values({ id: 1, ...row })
        .onConflict(every.id)
        .doUpdate(row),
    )
    await db.run(update(every).set(row).everyRow())
    await db.run(
      update(every)
        .set(
          Object.fromEntries(
            Object.keys(row).map((key) => [key, (every as never as Record<string, never>)[key]]),
          ) as never,
        )
        .everyRow(),
    )
    expect(await db.all(select(every).from(every).where(every.id.eq(4)))).toEqual([{ id: 4, ...row }])
    for (const [key, value] of Object.entries(row)) {
      if (key.startsWith('json')) continue
      const column = (every as never as Record<string, typeof every.integer>)[key] as typeof every.integer
      expect(
        await db.scalar(
          select(count())
            .from(every)
            .where(and(column.eq(value as never), column.in([value as never]))),
        ),
      ).toBe(4)
    }
  })

  it('of a query keep their types through insert … select', async () => {
    await db.run(
      insert(every).fromSelect(
        select({
          id: literal(9, integer()),
          bigint: literal(5n, bigint()),
          jsonb: literal([1], jsonb()),
          date: literal('2026-11-21', date()),
        }),
      ),
    )
    expect(
      await db.one(
        select({ a: every.bigint, b: every.jsonb, c: every.date }).from(every).where(every.id.eq(9)),
      ),
    ).toEqual({
      a: 5n,
      b: [1],
      c: '2026-11-21',
    })
  })
})

it('a parameter beside a column of its own type is not cast, so that indexes serve it', () => {
  const query = select({ a: every.id })
    .from(every)
    .where(every.integer.eq(1), every.code.eq('x'), every.money.lt('5'), every.date.in(['2026-11-21']))
  expect(query.limit(5).toSQL(postgresDialect).sql).toBe(
    'select "every"."id" as "a" from "every" where "every"."integer" = $1 and "every"."code" = $2 and ' +
      '"every"."money" < $3 and "every"."date" in ($4) limit $5',
  )
})
