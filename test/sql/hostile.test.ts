import {
  and,
  array,
  createAll,
  cte,
  eqAny,
  fn,
  ilike,
  index,
  insert,
  integer,
  like,
  literal,
  lower,
  or,
  type Predicate,
  param,
  select,
  sql,
  table,
  text,
  unique,
  update,
} from '@espalier/core'
import { describe, expect, it } from 'vitest'
import { bothDatabases } from '../support/databases.js'
import { errorOf } from '../support/sql.js'

const { postgresql, lite } = await bothDatabases()
const databases = [
  { name: 'PostgreSQL', db: postgresql },
  { name: 'SQLite', db: lite },
]

const megabyte = 'aé\'\\🙂"$1?'.repeat(80_000)

const hostile: Readonly<Record<string, string>> = {
  quote: "it's",
  'two quotes': "''",
  'double quote': 'say "hi"',
  backslash: '\\',
  'backslash and quote': "\\'",
  'quote and backslash': "'\\",
  'numbered parameter': '$1',
  'dollar quotes': '$$ $tag$ x $tag$ $$',
  'question mark': '? ?? ?1',
  'named parameter': ':x @x $x #x',
  comment: '-- x',
  'block comment': '/* x */ */ /*',
  semicolon: "'; drop table hostile; --",
  'escape string': "E'\\x41' U&'\\0041'",
  percent: '100%_%',
  'other patterns': '*?[a-z]^',
  braces: '{a,b} {"a":1}',
  empty: '',
  spaces: '  x  ',
  control: '\u0001\u001f\u007f\b\t',
  lines: 'a\nb\r\nc\r',
  unicode: 'ünï €uro 中文 🙂 ‏ e\u0301 \ufeff \u2028 \uffff',
  'null in words': 'NULL null undefined',
  number: '1e3 0x1 -1',
  megabyte,
}
const strings = Object.entries(hostile)

describe.each(databases)('hostile texts on $name', ({ db }) => {
  /** The rows of a statement as it is, and those of its script. */
  const bothWays = async (statement: Parameters<typeof db.all>[0]) => {
    const script = statement.toSQL(db.dialect, { inline: true })
    expect(script.params).toEqual([])
    const text = Object.create(statement, {
      compiled: { value: { dialect: db.dialect, sql: script.sql, params: [], named: [] } },
    })
    return [await db.all(statement), await db.all(text)]
  }

  it.each(strings)('%s is a value like any other', async (_, value) => {
    const string = literal(value, text())
    const rows = [{ value, same: true, listed: true, joined: `${value}${value}` }]
    const statement = select({
      value: string,
      same: string.eq(value),
      listed: string.in(['x', value]),
      joined: string.concat(value),
    })
    expect(await bothWays(statement)).toEqual([rows, rows])
  })

  it.each(strings)('%s is found in a list by name', async (_, value) => {
    const one = literal(value, text())
    const statement = select({ in: eqAny(one, param('list', array(text()))) })
    expect(await db.prepare(statement).all({ list: ['x', value] })).toEqual([{ in: true }])
    expect(await db.prepare(statement).all({ list: ['x', `${value}x`] })).toEqual([{ in: false }])
  })

  it.each(strings.filter(([, value]) => value !== '' && value !== megabyte))(
    '%s is matched literally',
    async (_, value) => {
      const around = literal(`<${value}>`, text())
      const statement = select({
        starts: around.startsWith(`<${value}`),
        ends: around.endsWith(`${value}>`),
        contains: around.contains(value),
        not: around.contains(`${value}!`),
        like: around.like(`%${value.replace(/[\\%_]/g, '\\$&')}%`),
        ilike: around.ilike(`%${value.replace(/[\\%_]/g, '\\$&')}%`),
        computed: like(around, literal(`%${value.replace(/[\\%_]/g, '\\$&')}%`, text())),
        uncased: ilike(around, literal(`%${value.replace(/[\\%_]/g, '\\$&')}%`, text())),
        other: like(around, literal(`%${value.replace(/[\\%_]/g, '\\$&')}!%`, text())),
      })
      const matched = { starts: true, ends: true, contains: true, not: false, like: true, ilike: true }
      const rows = [{ ...matched, computed: true, uncased: true, other: false }]
      expect(await bothWays(statement)).toEqual([rows, rows])
    },
  )

  it('a pattern of a megabyte matches or is refused by a clear error', async () => {
    const statement = select({ a: literal(`<${megabyte}>`, text()).contains(megabyte) })
    if (db === postgresql) expect(await db.all(statement)).toEqual([{ a: true }])
    else {
      const error = await errorOf(() => db.all(statement))
      expect(error.code).toBe('pattern_too_long')
      expect(error.message).toMatch(/50000 bytes/)
    }
  })

  const names = strings.filter(([, name]) => name !== '' && name !== megabyte)
  it.each(names)('%s is a name like any other', async (_, name) => {
    const short = name.slice(0, 40)
    const hostileTable = table(short, { id: integer().primaryKey(), value: text(short) }, (t) => [
      unique(t.value).named(`u${short}`),
      index(lower(t.value)).named(`i${short}`),
    ])
    for (const statement of createAll([hostileTable], db.dialect)) await db.run(statement)
    const alias = hostileTable.as(`a${short}`)
    const c = cte(
      `c${short}`,
      select({ [short]: alias.value, id: alias.id }).from(alias),
    ) as unknown as typeof alias & Record<string, typeof alias.value>
    await db.run(
      insert(hostileTable).values([
        { id: 1, value: 'x' },
        { id: 2, value: 'y' },
      ]),
    )
    await db.run(
      update(hostileTable)
        .set((t) => ({ value: t.value.concat('!') }))
        .where(hostileTable.id.eq(1)),
    )
    await db.run(
      insert(hostileTable)
        .values({ id: 3, value: 'y' })
        .onConflict(hostileTable.value)
        .doUpdate((_t, excluded) => ({ value: excluded.value.concat('?') })),
    )
    const statement = select({ [short]: hostileTable.value, other: c[short] as typeof alias.value })
      .from(hostileTable)
      .join(c, c.id.eq(hostileTable.id))
      .orderBy((row) => row.other as never)
    expect(await bothWays(statement as never)).toEqual([
      [
        { [short]: 'x!', other: 'x!' },
        { [short]: 'y?', other: 'y?' },
      ],
      [
        { [short]: 'x!', other: 'x!' },
        { [short]: 'y?', other: 'y?' },
      ],
    ])
    expect(
      await db.all(
        select({ a: sql(text())`${sql.identifier(short, short)}` })
          .from(hostileTable)
          .limit(1),
      ),
    ).toHaveLength(1)
  })

  it('keys that every object has are keys like any other', async () => {
    const odd = table(`odd_${db.dialect.name}`, {
      constructor: text(),
      toString: text(),
      hasOwnProperty: text(),
      valueOf: integer(),
      prototype: text(),
      then: text(),
      kind: text(),
      toSQL: text(),
    })
    for (const statement of createAll([odd], db.dialect)) await db.run(statement)
    const row = {
      constructor: 'a',
      toString: 'b',
      hasOwnProperty: 'c',
      valueOf: 1,
      prototype: 'd',
      then: 'e',
      kind: 'f',
      toSQL: 'g',
    }
    await db.run(insert(odd).values(row as never))
    expect(Object.entries((await db.all(select(odd).from(odd)))[0] as object)).toEqual(Object.entries(row))
    expect(
      await db.all(
        select({ o: odd })
          .from(odd)
          .where((odd.kind as unknown as typeof odd.then).eq('f')),
      ),
    ).toHaveLength(1)
  })

  it('what a row inherits is not meant, whatever was written before', async () => {
    const pairs = table(`pairs_${db.dialect.name}`, { a: integer(), b: integer() })
    for (const statement of createAll([pairs], db.dialect)) await db.run(statement)
    const both = { a: 1, b: 2 }
    const heir = Object.assign(Object.create({ b: 3 }), { a: 1 })
    const written = () => [
      insert(pairs).values(heir).toSQL(db.dialect).params,
      update(pairs).set(heir).everyRow().toSQL(db.dialect).params,
    ]
    const first = written()
    insert(pairs).values(both)
    update(pairs).set(both)
    expect(written()).toEqual(first)
    expect(first).toEqual([[1], [1]])
    expect((await errorOf(() => insert(pairs).values([both, heir]))).code).toBe('uneven_rows')
    // As many keys as the first has, of which one is another: neither is that lost nor the inherited one taken.
    const other = Object.assign(Object.create({ b: 3 }), { a: 1, c: 4 })
    expect((await errorOf(() => insert(pairs).values([both, other]))).message).toMatch(/lacks b .*has also c/)
    expect((await errorOf(async () => db.load(pairs, [both, other]))).message).toMatch(/no value for b/)
    await db.load(pairs, [heir])
    expect(await db.all(select(pairs).from(pairs))).toEqual([{ a: 1, b: null }])
  })

  it('a value that replaces itself when it is read confuses no later statement', () => {
    const pairs = table('pairs', { a: integer(), b: integer() })
    const lazy = {
      get a(): number {
        Reflect.deleteProperty(this, 'a')
        return Object.assign(this, { a: 1 }).a
      },
      b: 2,
    }
    const written = (set: object) => update(pairs).set(set).everyRow().toSQL(db.dialect)
    expect(written(lazy).params).toEqual([1, 2])
    const { sql: text, params } = written({ b: 4, a: 3 })
    expect(text).toMatch(/set "b" = .*, "a" = /)
    expect(params).toEqual([4, 3])
  })

  it.each(['a\ud800', '\udc00b', '\ud800\ud800'])(
    'half of a surrogate pair is refused: %j',
    async (value) => {
      expect((await errorOf(() => db.all(select({ a: literal(value, text()) })))).code).toBe('invalid_value')
      expect(
        (await errorOf(() => select({ a: literal('x', text()).contains(value) }).toSQL(db.dialect))).code,
      ).toBe('invalid_value')
      expect((await errorOf(() => table(value, { a: text() }))).code).toBe('invalid_name')
      expect((await errorOf(() => select({ [value]: literal(1, integer()) }).toSQL(db.dialect))).code).toBe(
        'invalid_name',
      )
    },
  )

  it('NUL is kept by SQLite, and refused before PostgreSQL sees it', async () => {
    const value = 'a\0b'
    const statement = select({ a: literal(value, text()), b: literal(value, text()).eq(value) })
    if (db === lite)
      expect(await bothWays(statement)).toEqual([[{ a: value, b: true }], [{ a: value, b: true }]])
    else {
      const error = await errorOf(() => db.all(statement))
      expect(error.code).toBe('invalid_value')
      expect(error.message).toMatch(/NUL/)
      expect((await errorOf(() => statement.toSQL(db.dialect, { inline: true }))).code).toBe('invalid_value')
    }
    // Patterns end at NUL in SQLite.
    expect((await errorOf(() => db.all(select({ a: literal('x', text()).contains(value) })))).code).toBe(
      'invalid_value',
    )
  })
})

describe.each(databases)('great statements on $name', ({ db }) => {
  const one = literal(1, integer())
  const run = async (statement: object) => (await db.all(statement as never))[0] as { a: unknown }
  const deep = <T>(levels: number, first: T, step: (value: T, level: number) => T): T => {
    let result = first
    for (let i = 0; i < levels; i++) result = step(result, i)
    return result
  }
  const or5000 = Array.from({ length: 5000 }, (_, i) => one.eq(i + 2))

  it('5,000 alternatives', async () => {
    expect(await run(select({ a: or(...or5000) }))).toEqual({ a: false })
    expect(await run(select({ a: or(...or5000, one.eq(1)) }))).toEqual({ a: true })
    expect(
      await run(
        select({
          a: deep<Predicate<never>>(2000, one.eq(1), (p, i) => and(p, one.ne(i + 2)) as never),
        }),
      ),
    ).toEqual({ a: true })
  })

  it('5,000 alternatives within others', async () => {
    const inner = or(...or5000.slice(0, 2500))
      .not()
      .and(one.eq(1))
    expect(await run(select({ a: or(inner, ...or5000) }))).toEqual({ a: true })
  })

  it('a list of 10,000 values', async () => {
    expect(await run(select({ a: one.in(Array.from({ length: 10_000 }, (_, i) => i)) }))).toEqual({ a: true })
  })

  it('more parameters than the database takes', async () => {
    const error = await errorOf(() =>
      db.all(select({ a: one.in(Array.from({ length: 70_000 }, (_, i) => i)) })),
    )
    expect(error.code).toBe('too_many_parameters')
    expect(error.message).toMatch(/70001 parameters; .* takes at most \d+/)
  })

  it('exactly as many parameters as the database takes', async () => {
    const list = Array.from({ length: db.dialect.maxParameters - 1 }, (_, i) => i)
    expect(await run(select({ a: one.in(list) }))).toEqual({ a: true })
  })

  it('a sum of 500 parts', async () => {
    expect(await run(select({ a: deep(500, one, (sum) => sum.add(1) as never) }))).toEqual({ a: 501 })
    expect(await run(select({ a: deep(400, one, (sum) => one.add(sum) as never) }))).toEqual({ a: 401 })
  })

  it.each([
    ['sums', (levels: number) => deep(levels, one, (sum) => sum.add(1) as never)],
    ['sums to the right', (levels: number) => deep(levels, one, (sum) => one.add(sum) as never)],
    ['signs', (levels: number) => deep(levels, one, (sum) => sum.neg() as never)],
    ['functions', (levels: number) => deep(levels, one, (sum) => fn('abs', integer(), sum) as never)],
    ['queries', (levels: number) => deep(levels, one, (sum) => select({ a: sum }).scalar() as never)],
  ])('100,000 levels of %s are an error that says so', async (_, build) => {
    const statement = select({ a: build(100_000) })
    const error = await errorOf(() => db.all(statement))
    expect(error.code).toBe('too_deep')
    expect(error.message).toMatch(/too deep/)
    // The next statement is not hurt.
    expect(await run(select({ a: one }))).toEqual({ a: 1 })
  })

  it('levels that can be written, yet that SQLite does not take, are an error too', async () => {
    if (db !== lite) return
    const error = await errorOf(async () =>
      db.all(select({ a: deep(3_000, one, (sum) => fn('abs', integer(), sum) as never) })),
    )
    expect(error.message).toMatch(/deep|depth|overflow|too|recursion/i)
  }, 30_000)

  it('more columns than the database returns', async () => {
    const keys = Array.from({ length: 2001 }, (_, i) => `k${i}`)
    const error = await errorOf(() => run(select(Object.fromEntries(keys.map((key) => [key, one])))))
    expect(error.message).toMatch(
      db === lite
        ? /^SQLite returns at most 2000 columns; this select has 2001\. .*jsonObject/
        : /at most 1664 entries/,
    )
    expect(error.message.length).toBeLessThan(500)
  })

  it('fewer than no rows', async () => {
    const page = select({ a: one }).limit(param('size', integer())).offset(param('from', integer()))
    const both = page.unionAll(page).limit(param('size', integer()))
    for (const statement of [page, both]) {
      for (const values of [
        { size: -1, from: 0 },
        statement === page ? { size: 1, from: -1 } : { size: -2, from: 0 },
      ]) {
        const error = await errorOf(() => db.prepare(statement).all(values))
        expect(error.message).toMatch(
          db === lite ? /^Parameter '(size|from)': -\d is no value/ : /must not be negative/,
        )
      }
      expect(await db.prepare(statement).all({ size: 1, from: 0 })).toEqual([{ a: 1 }])
    }
  })

  it('raw SQL where it is not run', async () => {
    const query = sql`select 1`
    const given = await errorOf(() => db.all(query as never))
    expect(given).toMatchObject({ name: 'BuildError', code: 'invalid_statement' })
    expect(given.message).toMatch(/is no statement\. SQL is run by sql\.query\(columns\)/)
    const selected = await errorOf(() => db.all(select(query)))
    expect(selected.message).toMatch(/a whole query in raw SQL is run as sql\.query\(columns\)`…`/)
    const list = await errorOf(() => db.all([] as never))
    expect(list.message).toMatch(/^\[\] is no statement/)
  })

  it('a thousand columns and a thousand rows', async () => {
    const keys = Array.from({ length: 1000 }, (_, i) => `k${i}`)
    const row = await run(select(Object.fromEntries(keys.map((key, i) => [key, literal(i, integer())]))))
    expect(row).toEqual(Object.fromEntries(keys.map((key, i) => [key, i])))
  })
})
