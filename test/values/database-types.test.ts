import { PGlite } from '@electric-sql/pglite'
import { hstore as hstoreExtension } from '@electric-sql/pglite/contrib/hstore'
import {
  array,
  bit,
  type Codec,
  cast,
  cidr,
  createAll,
  createTable,
  type Database,
  datemultirange,
  enumType,
  eqAny,
  fromJSON,
  hstore,
  inet,
  insert,
  int4multirange,
  int8multirange,
  integer,
  interval,
  type Json,
  jsonObject,
  literal,
  macaddr,
  macaddr8,
  mapped,
  max,
  min,
  nummultirange,
  OWN,
  type OwnCodec,
  oid,
  range,
  rangeContains,
  type SqlType,
  type Statement,
  select,
  sql,
  type TypeDefinition,
  table,
  text,
  timetz,
  toJSON,
  tsmultirange,
  tsquery,
  tstzmultirange,
  tsvector,
  update,
  varbit,
  xml,
} from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgresDialect, postgresDialectFor } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { type KeptType, keepsValues } from '../support/round-trip.js'
import { errorOf, inBoth } from '../support/sql.js'

const databases = await allDatabases()
const extended = await PGlite.create({ extensions: { hstore: hstoreExtension } })
const withHstore: readonly { readonly name: string; readonly db: Database }[] = [
  ...databases.filter(({ name }) => name !== 'PGlite'),
  { name: 'PGlite', db: await pglite(extended) },
]
afterAll(() => extended.close())

const two = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'))
const bits = (constraints: fc.StringConstraints) =>
  fc.string({ ...constraints, unit: fc.constantFrom('0', '1') })
const hexGroups = (count: number) =>
  fc
    .array(
      fc.integer({ min: 0, max: 255 }).map((n) => n.toString(16).padStart(2, '0')),
      {
        minLength: count,
        maxLength: count,
      },
    )
    .map((groups) => groups.join(':'))
const v4 = fc.ipV4()
/** Canonical by the WHATWG's rules for URLs, which are those of RFC 5952 but for addresses of IPv4. */
const v6 = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .filter((parts) => parts.slice(0, 5).some((part) => part !== 0))
  .map((parts) =>
    new URL(`http://[${parts.map((part) => part.toString(16)).join(':')}]`).hostname.slice(1, -1),
  )

/** Parts of an interval in its one form. */
const span = fc
  .record({
    months: fc.integer({ min: -2147483647, max: 2147483647 }),
    days: fc.integer({ min: -2147483647, max: 2147483647 }),
    micros: fc.bigInt({ min: -9223372036854775806n, max: 9223372036854775806n }),
    has: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  })
  .map(({ months, days, micros, has: [hasMonths, hasDays, hasTime] }) => {
    const year = hasMonths ? Math.trunc(months / 12) : 0
    const month = hasMonths ? months % 12 : 0
    const day = hasDays ? days : 0
    const time = hasTime ? micros : 0n
    const seconds = String(time % 60_000_000n)
      .replace('-', '')
      .padStart(7, '0')
    const fraction = seconds.slice(-6).replace(/0+$/, '')
    const second = `${time < 0n ? '-' : ''}${Number(seconds.slice(0, -6))}${fraction && `.${fraction}`}`
    const part = (amount: unknown, unit: string) => (/^-?0$/.test(String(amount)) ? '' : `${amount}${unit}`)
    const date = part(year, 'Y') + part(month, 'M') + part(day, 'D')
    const clock = part(time / 3_600_000_000n, 'H') + part((time / 60_000_000n) % 60n, 'M') + part(second, 'S')
    if (date + clock === '') return 'PT0S'
    const text = `P${date}${clock && `T${clock}`}`
    const amounts = [year, month, day, time].every((amount) => amount <= 0)
    return amounts ? `-${text.replaceAll('-', '')}` : text
  })

const TYPES: readonly KeptType[] = [
  {
    name: 'timetz',
    type: timetz(),
    values: fc
      .tuple(
        two(23),
        two(59),
        two(59),
        fc.integer({ min: 0, max: 999_999 }),
        fc.constantFrom('+', '-'),
        two(15),
        two(59),
      )
      .map(([hour, minute, second, micros, sign, hours, minutes]) => {
        const fraction = String(micros).padStart(6, '0').replace(/0+$/, '')
        const offset = `${hours}:${minutes}`
        return `${hour}:${minute}:${second}${fraction && `.${fraction}`}${offset === '00:00' ? '+' : sign}${offset}`
      }),
    edges: ['00:00:00+00:00', '23:59:59.999999-15:59:59', '12:00:00+15:59', '12:00:00-00:00:01'],
  },
  {
    name: 'interval',
    type: interval(),
    values: span,
    edges: [
      'PT0S',
      'P1Y2M3DT4H5M6.789S',
      '-P1Y2M3DT4H5M6.789S',
      'P1M-3D',
      'P-1Y3DT-0.000001S',
      '-PT0.5S',
      'P1DT-1S',
      'P178956970Y7M2147483647DT2562047788H54.775806S',
      '-P178956970Y7M2147483647DT2562047788H54.775806S',
    ],
  },
  {
    name: 'inet',
    type: inet(),
    values: fc.oneof(
      v4,
      v6,
      fc.tuple(v4, fc.integer({ min: 0, max: 31 })).map((parts) => parts.join('/')),
      fc.tuple(v6, fc.integer({ min: 0, max: 127 })).map((parts) => parts.join('/')),
    ),
    edges: [
      '0.0.0.0',
      '0.0.0.0/0',
      '255.255.255.255',
      '192.168.1.5/24',
      '::',
      '::1',
      '1::',
      '::/0',
      '::ffff:1.2.3.4',
      '::102:304',
      '1:0:0:2::3',
      '1:0:2:3:4:5:6:7',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127',
    ],
  },
  {
    name: 'cidr',
    type: cidr(),
    values: fc
      .tuple(fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 0, max: 32 }))
      .map(([address, length]) => {
        const first = Number(BigInt(address) & ((0xffff_ffffn << BigInt(32 - length)) & 0xffff_ffffn))
        return `${[24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join('.')}/${length}`
      }),
    edges: ['0.0.0.0/0', '10.0.0.0/8', '1.2.3.4/32', '::/0', '2001:db8::/32', '::1/128', 'fe80::/10'],
  },
  {
    name: 'macaddr',
    type: macaddr(),
    values: hexGroups(6),
    edges: ['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff'],
  },
  { name: 'macaddr8', type: macaddr8(), values: hexGroups(8) },
  { name: 'bit', type: bit(9), values: bits({ minLength: 9, maxLength: 9 }), edges: ['000000000'] },
  { name: 'varbit', type: varbit(70), values: bits({ maxLength: 70 }), edges: ['', '0'.repeat(70)] },
  { name: 'varbit without a length', type: varbit(), values: bits({ maxLength: 200 }) },
  {
    name: 'oid',
    type: oid(),
    values: fc.integer({ min: 0, max: 4294967295 }),
    edges: [0, 2147483648, 4294967295],
  },
]

const HSTORE: KeptType = {
  name: 'hstore',
  type: hstore(),
  values: fc.dictionary(
    fc.string({ unit: fc.constantFrom('a', 'B', '1', 'é', '𝒳', "'", '"', '\\', ' ', ',', '=', '>', '\n') }),
    fc.option(fc.string({ unit: fc.constantFrom('a', '0', 'é', "'", '"', '\\', ' ', ',', '=>', 'NULL') })),
    { noNullPrototype: true },
  ),
  edges: [{}, { '': '' }, { NULL: 'NULL', null: null }, { b: '1', a: null, 10: 'ten', 9: 'nine' }],
}

const XML: KeptType = {
  name: 'xml',
  type: xml(),
  comparable: false,
  values: fc
    .string({ unit: fc.constantFrom('a', 'é', '𝒳', "'", '"', '\\', ' ', '&lt;', '<b/>', '<!-- c -->', '\n') })
    .map((content) => `<doc of="it">${content}</doc>`),
  edges: ['', 'only text', '<a/><b>two</b>'],
}

/** Runs a script of one statement as it is. */
const script = (text: string) => sql.statement(Object.assign([text], { raw: [text] }))

it('values of different types are not compared or assigned as if they were alike', async () => {
  const mixed = table('mixed', {
    ...{
      host: inet(),
      net: cidr(),
      mac: macaddr(),
      every: interval(),
      at: timetz(),
      bits: bit(3),
      more: varbit(3),
    },
    ...{ hosts: array(inet()), macs: array(macaddr()), size: enumType('mixed_size', ['s', 'l'])() },
    ...{ mood: enumType('mixed_mood', ['s', 'l'])() },
  })
  const of = select({ host: mixed.host }).from(mixed)
  const statements: readonly (readonly [Statement<unknown>, string])[] = [
    [of.where(mixed.host.eq(mixed.mac)), 'inet beside macaddr'],
    [of.where(mixed.at.eq(mixed.every)), 'timetz beside interval'],
    [of.where(mixed.host.in([mixed.mac])), 'inet beside macaddr'],
    [of.where(mixed.host.in(select(mixed.mac).from(mixed))), 'inet beside macaddr'],
    [of.where(mixed.hosts.eq(mixed.macs)), 'inet beside macaddr'],
    [of.where(mixed.size.eq(mixed.mood)), 'enum mixed_size beside enum mixed_mood'],
    [update(mixed).set({ host: mixed.mac }).everyRow(), 'inet beside macaddr'],
    [insert(mixed).fromSelect(select({ host: mixed.mac }).from(mixed)), 'inet beside macaddr'],
  ]
  const { db } = databases[0] as (typeof databases)[number]
  for (const statement of createAll([mixed], db.dialect)) await db.run(statement)
  for (const [statement, found] of statements) {
    const { message } = await errorOf(() => statement.toSQL(sqliteDialect))
    expect(message).toBe(
      `SQLite has no ${found}, which it keeps in different forms. Bring one to the other in the program.`,
    )
    expect(await errorOf(() => db.run(statement as Statement<unknown, never>))).toMatchObject({
      code: 'database_error',
    })
  }
  const zeroed = update(mixed).set({ net: mixed.host }).everyRow()
  expect((await errorOf(() => zeroed.toSQL(sqliteDialect))).message).toMatch(
    /^SQLite has no inet as a cidr\. Make/,
  )
  const alike = update(mixed)
    .set({ host: mixed.net })
    .where(mixed.host.eq(mixed.net), mixed.bits.eq(mixed.more))
  expect(alike.toSQL(sqliteDialect).sql).toContain('"mixed"."bits" = "mixed"."more"')
})

it('types that have no least value on PostgreSQL have none anywhere', async () => {
  const odd = table('odd', {
    ...{ mac: macaddr(), mac8: macaddr8(), bits: bit(3), more: varbit(), doc: xml(), pairs: hstore() },
    ...{
      words: tsvector(),
      query: tsquery(),
      mapped: mapped(bit(3), { name: 'flags', encode: String, decode: String }),
    },
  })
  for (const column of [
    odd.mac,
    odd.mac8,
    odd.bits,
    odd.more,
    odd.doc,
    odd.pairs,
    odd.words,
    odd.query,
    odd.mapped,
  ]) {
    expect(await errorOf(() => min(column as typeof odd.mac))).toMatchObject({
      code: 'no_operator',
      message: expect.stringMatching(/^min\(…\) of .*: such values have no order; cast them to text\.$/),
    })
  }
  const kept = table('kept', { host: inet(), net: cidr(), every: interval(), at: timetz(), object: oid() })
  const { host, net, every, at, object } = kept
  const most = select({
    host: max(host),
    net: max(net),
    object: max(object),
  }).from(kept)
  const times = select({ every: max(every), at: max(at) }).from(kept)
  for (const { db } of databases) {
    await db.run(createTable(kept))
    const row = {
      host: '10.0.0.1',
      net: '10.0.0.0/8',
      every: 'P1D',
      at: '10:30:00+00:00',
      object: 4294967295,
    }
    await db.run(insert(kept).values(row))
    const { every, at, ...others } = row
    expect(await db.all(most)).toEqual([others])
    if (db.dialect !== sqliteDialect) expect(await db.all(times)).toEqual([{ every, at }])
  }
})

it('spans and times of different offsets have no order on SQLite, which keeps them as texts', () => {
  const kept = table('kept', { every: interval(), at: timetz() })
  const rows = select(kept).from(kept)
  const refused = (statement: Statement<unknown, never>, message: string) =>
    expect(() => statement.toSQL(sqliteDialect)).toThrow(message)
  refused(rows.orderBy(kept.every), 'SQLite has no order of spans. It keeps them as texts')
  refused(
    rows.orderBy((row) => row.every.desc()),
    'SQLite has no order of spans.',
  )
  refused(rows.where(kept.every.gt('P1D')), 'SQLite has no order of spans.')
  refused(rows.where(kept.every.between('P1D', 'P2D')), 'SQLite has no order of spans.')
  refused(select({ v: min(kept.every) }).from(kept), 'SQLite has no order of spans.')
  refused(rows.orderBy(kept.at), 'SQLite has no order of times with an offset. It keeps them as texts')
  refused(rows.where(kept.at.lte('10:00:00Z')), 'SQLite has no order of times with an offset.')
  refused(select({ v: max(kept.at) }).from(kept), 'SQLite has no order of times with an offset.')
  expect(rows.where(kept.every.eq('PT90M'), kept.at.ne('10:00Z')).toSQL(sqliteDialect).params).toEqual([
    'PT1H30M',
    '10:00:00+00:00',
  ])
})

it('xml is not compared, which no database could do', () => {
  const kept = table('kept', { id: integer(), doc: xml() })
  const doc = kept.doc as unknown as typeof kept.id
  const rows = select(kept).from(kept)
  // @ts-expect-error it has no such operator
  expect(() => kept.doc.eq('<a/>')).toThrow(
    'kept.doc.eq(…): xml values cannot be compared; cast them to text.',
  )
  expect(() => doc.in([1])).toThrow('kept.doc.in(…): xml values cannot be compared')
  expect(() => doc.between(1, 2)).toThrow('xml values cannot be compared')
  expect(() => eqAny(doc, [1])).toThrow(
    'eqAny(kept.doc, …): xml values cannot be compared; cast them to text.',
  )
  const refused = 'of xml cannot be: cast json to jsonb(), xml to text().'
  expect(() => rows.orderBy(doc)).toThrow(`orderBy ${refused}`)
  expect(() => rows.distinct()).toThrow(`distinct() ${refused}`)
  expect(() => rows.groupBy(doc)).toThrow(`groupBy ${refused}`)
  expect(() => rows.union(rows)).toThrow(`union ${refused}`)
  const asText = rows.where(cast(kept.doc, text()).eq('<a/>'), kept.doc.isNotNull())
  expect(asText.toSQL(postgresDialect).sql).toContain('where cast("kept"."doc" as text) = $1 and')
})

it('SQLite refuses casts of which the text would not be that of the value', async () => {
  const hosts = table('hosts', {
    host: inet(),
    net: cidr(),
    name: text(),
    bits: bit(3),
    names: array(text()),
  })
  for (const [value, message] of [
    [
      cast(hosts.name, inet()),
      /^SQLite has no cast of text to inet, whose values it keeps as texts in one form\. Give a/,
    ],
    [cast(hosts.host, cidr()), /cast of inet to cidr/],
    [cast(hosts.name, interval()), /cast of text to interval/],
    [cast(hosts.name, timetz()), /cast of text to timetz/],
    [cast(hosts.name, macaddr()), /cast of text to macaddr/],
    [cast(hosts.name, hstore()), /cast of text to hstore/],
    [cast(hosts.name, array(text())), /cast of text to array of text/],
    [cast(hosts.name, bit(3)), /cast of text to bit\(3\)/],
    [cast(hosts.host, text()), /cast of inet, whose values it keeps in a form that sorts/],
    [cast(hosts.net, text()), /cast of cidr, whose values/],
  ] as const) {
    const { message: found } = await errorOf(() => select({ value }).from(hosts).toSQL(sqliteDialect))
    expect(found).toMatch(message)
  }
  const allowed = select({
    net: cast(hosts.net, inet()),
    host: cast(hosts.host, inet()),
    names: cast(hosts.names, text()),
  })
  expect(allowed.from(hosts).toSQL(sqliteDialect).sql).toContain('cast("hosts"."net" as text) as "net"')
})

describe.each(databases)('$name', ({ name, db }) => {
  it.each(TYPES)('keeps any $name', (kept) => keepsValues(db, kept))

  // PGlite is built without libxml.
  it.skipIf(name === 'PGlite')('keeps any xml', () => keepsValues(db, XML))

  it.each([
    {
      name: 'inet',
      type: inet(),
      sorted: [
        '0.0.0.0/0',
        '9.255.255.255',
        '10.0.0.0/8',
        '10.0.0.5/8',
        '10.1.2.3/8',
        '10.0.0.0/16',
        '10.0.0.0/24',
        '10.0.0.0',
        '10.0.0.2',
        '10.0.0.10',
        '10.1.0.0/16',
        '192.168.1.5',
        '::/0',
        '::1',
        '1::',
        '2001:db8::/32',
        '2001:db8::5/32',
        '2001:db8::a',
        'fe80::1',
      ],
    },
    {
      name: 'cidr',
      type: cidr(),
      sorted: ['9.0.0.0/8', '10.0.0.0/8', '10.0.0.0/9', '10.64.0.0/10', '10.128.0.0/9', '::/0'],
    },
    {
      name: 'macaddr',
      type: macaddr(),
      sorted: ['00:00:00:00:00:09', '00:00:00:00:00:0a', '09:00:00:00:00:00', 'a0:00:00:00:00:00'],
    },
    { name: 'bit', type: bit(3), sorted: ['000', '001', '010', '100', '111'] },
    {
      name: 'varbit',
      type: varbit(),
      sorted: ['', '0', '00', '000000000', '0000000001', '01', '010000001', '1', '10', '100000001', '11'],
    },
    { name: 'oid', type: oid(), sorted: [0, 9, 10, 2147483648, 4294967295] },
  ] as const)('orders $name', async ({ name: of, type, sorted }) => {
    const ordered = table(`ordered ${of}` as 'ordered', { v: type as unknown as ReturnType<typeof text> })
    await db.run(createTable(ordered))
    const given = [...sorted].reverse().map((v) => ({ v: v as string }))
    await db.run(insert(ordered).values(given))
    expect(await db.all(select(ordered.v).from(ordered).orderBy(ordered.v))).toEqual(sorted)
    const middle = sorted[3] as never
    expect(
      await db.all(select(ordered.v).from(ordered).where(ordered.v.lt(middle)).orderBy(ordered.v)),
    ).toEqual(sorted.slice(0, 3))
  })

  it('brings values to their one form', async () => {
    const forms = [
      [timetz(), '10:30Z', '10:30:00+00:00'],
      [timetz(), '10:30:00.250-0530', '10:30:00.25-05:30'],
      [timetz(), '10:30:00-00', '10:30:00+00:00'],
      [interval(), 'P14M', 'P1Y2M'],
      [interval(), 'P2W1D', 'P15D'],
      [interval(), 'PT90M', 'PT1H30M'],
      [interval(), 'P1Y-14M', '-P2M'],
      [interval(), '-P1Y-2M', 'P-10M'],
      [interval(), 'PT1.500000S', 'PT1.5S'],
      [interval(), 'PT100H', 'PT100H'],
      [inet(), '192.168.001.005/32', '192.168.1.5'],
      [inet(), '2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
      [inet(), '0:0:0:0:0:FFFF:0102:0304', '::ffff:1.2.3.4'],
      [cidr(), '10.0.0.1', '10.0.0.1/32'],
      [macaddr(), '08002B-010203', '08:00:2b:01:02:03'],
    ] as const
    for (const [type, given, form] of forms) {
      const [found] = await db.all(
        select(literal(given as never, type as unknown as ReturnType<typeof text>)),
      )
      if (form !== 'P-10M') expect(found).toBe(form)
      else expect(found).toBe('-P10M')
    }
  })

  it('reads what raw SQL wrote', async () => {
    const of = (type: ReturnType<typeof text>, value: string) => {
      const text = db.dialect === sqliteDialect ? `'${value}'` : `'${value}'::${type.sqlType.name}`
      return db.all(select(sql(type)(Object.assign([text], { raw: [text] }) as never)))
    }
    const as = (type: unknown) => type as unknown as ReturnType<typeof text>
    expect(await of(as(inet()), '192.168.1.5')).toEqual(['192.168.1.5'])
    expect(await of(as(inet()), '2001:db8::1/64')).toEqual(['2001:db8::1/64'])
    expect(await of(as(interval()), 'P1Y-3D')).toEqual(['P1Y-3D'])
    expect(await of(as(timetz()), '10:30:00+02')).toEqual(['10:30:00+02:00'])
  })

  it('refuses to write them into JSON where the databases would not agree, and writes the others', async () => {
    const odd = table('odd', {
      i: interval(),
      n: inet(),
      t: timetz(),
      o: oid(),
      m: macaddr(),
      b: bit(2),
    })
    for (const column of [odd.i, odd.n, odd.t, odd.o])
      expect((await errorOf(() => jsonObject({ column }))).code).toBe('invalid_part')
    const row = select({
      document: jsonObject({ m: literal('08:00:2b:01:02:03', macaddr()), b: literal('01', bit(2)) }),
    })
    expect(await db.all(row)).toEqual([{ document: { m: '08:00:2b:01:02:03', b: '01' } }])
  })
})

describe.each(withHstore)('hstore on $name', ({ db }) => {
  it('is kept', async () => {
    if (db.dialect !== sqliteDialect) await db.run(script('create extension hstore'))
    await keepsValues(db, HSTORE)
  })
})

describe.each(databases.filter(({ db }) => db.dialect !== sqliteDialect))('$name alone', ({ db }) => {
  it.each([
    { name: 'int4multirange', type: int4multirange(), value: [range(1, 5), range<number>(8, null)] },
    {
      name: 'int8multirange',
      type: int8multirange(),
      value: [range<bigint>(null, -9007199254740993n, '()'), range(1n, 2n)],
    },
    { name: 'nummultirange', type: nummultirange(), value: [range('-1.5', '2.25', '(]'), range('3', '4')] },
    { name: 'datemultirange', type: datemultirange(), value: [range('2026-12-24', '2026-12-27')] },
    { name: 'tsmultirange', type: tsmultirange(), value: [range(new Date(0), new Date(1), '[]')] },
    { name: 'tstzmultirange', type: tstzmultirange(), value: [range(new Date(0), new Date(1), '()')] },
  ])('keeps $name', async ({ name, type, value }) => {
    await keepsValues(db, { name, type, values: fc.constantFrom([], value), edges: [[]] }, 2)
  })

  it('has functions for several ranges', async () => {
    const halls = table('halls', { id: integer().primaryKey(), free: int4multirange().notNull() })
    await db.run(createTable(halls))
    // Given in any order, and overlapping.
    const free = [range(8, 9), range(1, 3), range(2, 5)]
    expect(await db.all(insert(halls).values({ id: 1, free }).returning({ free: halls.free }))).toEqual([
      { free: [range(1, 5), range(8, 9)] },
    ])
    const of = (n: number) => select(halls.id).from(halls).where(rangeContains(halls.free, n))
    expect([await db.all(of(4)), await db.all(of(5))]).toEqual([[1], []])
  })

  it('has words and searches', async () => {
    await keepsValues(db, {
      name: 'tsvector',
      type: tsvector(),
      comparable: false,
      values: fc.constantFrom("'cat':1 'dog':3A", "'\\\\' 'it''s'"),
    })
    await keepsValues(db, {
      name: 'tsquery',
      type: tsquery(),
      comparable: false,
      values: fc.constantFrom("'cat' & !'dog'", "'a' <-> 'b' | 'c':*"),
    })
  })

  it('reads intervals of any style', async () => {
    for (const style of ['postgres', 'postgres_verbose', 'sql_standard', 'iso_8601']) {
      await db.transaction(async (tx) => {
        await tx.run(script(`set local intervalstyle = ${style}`))
        await keepsIntervals(tx)
      })
    }
  })
})

async function keepsIntervals(tx: Pick<Database, 'all'>): Promise<void> {
  const keep = async (value: string): Promise<void> => {
    expect(await tx.all(select(literal(value, interval())))).toEqual([value])
  }
  const kept = TYPES.find(({ name }) => name === 'interval') as KeptType
  for (const edge of kept.edges as string[]) await keep(edge)
  for (const days of ['', '3D', '-3D'])
    for (const months of ['', '2M', '-2M', '1Y2M', '-1Y-2M'])
      for (const clock of ['', 'T4H', 'T-4H-5M-6.5S'])
        if (days + months + clock !== '') {
          const text = `P${months}${days}${clock}`
          const [found] = await tx.all(select(literal(text, interval())))
          expect([text, `-${text.replaceAll('-', '')}`]).toContain(found)
          await keep(found as string)
        }
  await fc.assert(fc.asyncProperty(span, keep), { numRuns: 50 })
}

const kinds = table('kinds', {
  at: timetz(),
  every: interval('pause'),
  host: inet(),
  net: cidr(),
  mac: macaddr(),
  mac8: macaddr8(),
  flags: bit(4),
  more: varbit(8),
  any: varbit(),
  object: oid(),
  doc: xml(),
  pairs: hstore(),
})

describe('Types of the database', () => {
  it('are named as it names them, and are texts elsewhere', () => {
    expect(inBoth(createTable(kinds))).toEqual({
      postgres: [
        'create table "kinds" ("at" timetz, "pause" interval, "host" inet, "net" cidr, "mac" macaddr, "mac8" macaddr8, ' +
          '"flags" bit(4), "more" varbit(8), "any" varbit, "object" oid, "doc" xml, "pairs" hstore)',
      ],
      sqlite: [
        'create table "kinds" ("at" text, "pause" text, "host" text, "net" text, "mac" text, "mac8" text, ' +
          '"flags" text, "more" text, "any" text, "object" integer, "doc" text, "pairs" text)',
      ],
    })
    const values = select({
      every: literal('-P1Y2M', interval()),
      host: literal('10.0.0.1/8', inet()),
      flags: cast(literal('01', text()), bit(4)),
      found: kinds.flags.eq('0101'),
      list: literal(['P1D'], array(interval())),
    }).from(kinds)
    expect(values.toSQL(postgresDialect)).toEqual({
      sql:
        'select $1::interval as "every", $2::inet as "host", cast($3::text as bit(4)) as "flags", ' +
        '"kinds"."flags" = $4 as "found", $5::interval[] as "list" from "kinds"',
      params: ['P-1Y-2M', '10.0.0.1/8', '01', '0101', '{P1D}'],
    })
    expect(select(literal('10.0.0.1/8', inet())).toSQL(sqliteDialect)).toEqual({
      sql: 'select ? as "value"',
      params: ['010.000.000.000/08 010.000.000.001'],
    })
    expect(
      select({ a: literal('-PT1S', interval()), b: literal({ a: "'" }, hstore()) }).toSQL(postgresDialect, {
        inline: true,
      }).sql,
    ).toBe(`select 'PT-1S'::interval as "a", '"a"=>"''"'::hstore as "b"`)
  })

  it.each([
    [
      { at: '10:30:00' },
      /^kinds.at: "10:30:00" is no value for timetz: expected a time of day with its offset/,
    ],
    [{ at: '10:30:00+16' }, /^kinds.at: /],
    [{ at: '24:00:00Z' }, /^kinds.at: /],
    [{ every: 'P' }, /^kinds.pause: "P" is no value for interval: expected an interval as text of ISO 8601/],
    [{ every: 'P1DT' }, /^kinds.pause: /],
    [{ every: 'P0.5D' }, /^kinds.pause: /],
    [{ every: 'PT0.0000001S' }, /^kinds.pause: /],
    [{ every: '1 day' }, /^kinds.pause: /],
    [{ every: 'P178956970Y8M' }, /^kinds.pause: /],
    [{ every: 'PT2562047788H54.775807S' }, /^kinds.pause: /],
    [{ every: { days: 1 } }, /^kinds.pause: /],
    [{ host: '256.0.0.1' }, /^kinds.host: "256.0.0.1" is no value for inet: expected an address such as/],
    [{ host: '10.0.0' }, /^kinds.host: /],
    [{ host: '10.0.0.1/33' }, /^kinds.host: /],
    [{ host: '10.0.0.1/' }, /^kinds.host: /],
    [{ host: '10.0.0.1/8/8' }, /^kinds.host: /],
    [{ host: 'fe80::1%eth0' }, /^kinds.host: /],
    [{ host: '1::2::3' }, /^kinds.host: /],
    [{ host: '1:2:3:4:5:6:7:8:9' }, /^kinds.host: /],
    [{ host: '1:2:3:4:5:6:7::8' }, /^kinds.host: /],
    [{ host: '12345::' }, /^kinds.host: /],
    [{ host: '::1.2.3' }, /^kinds.host: /],
    [{ net: '10.0.0.1/8' }, /^kinds.net: .* with no bits behind the first 8: '10.0.0.0\/8'/],
    [{ net: 'x' }, /^kinds.net: .* a network such as/],
    [{ mac: '08:00:2b:01:02' }, /^kinds.mac: .* an address of 6 bytes/],
    [{ mac: '08:00-2b:01:02:03' }, /^kinds.mac: /],
    [{ mac: '0:800:2b:01:02:03' }, /^kinds.mac: /],
    [{ mac: '08:00:2b:01:02:0g' }, /^kinds.mac: /],
    [{ mac8: '08:00:2b:01:02:03' }, /^kinds.mac8: .* an address of 8 bytes/],
    [{ flags: '01' }, /^kinds.flags: "01" is no value for bit\(4\): expected 4 bits, neither more nor fewer/],
    [{ flags: '0121' }, /^kinds.flags: .* a text of zeros and ones/],
    [{ flags: 5 }, /^kinds.flags: /],
    [{ more: '000000000' }, /^kinds.more: .* at most 8 bits/],
    [{ object: -1 }, /^kinds.object: -1 is no value for oid: expected a whole number from 0 to 4294967295/],
    [{ object: 4294967296 }, /^kinds.object: /],
    [{ object: 1.5 }, /^kinds.object: /],
    [{ doc: '<?xml version="1.0"?><a/>' }, /^kinds.doc: .* XML without the declaration/],
    [{ doc: 5 }, /^kinds.doc: /],
    [{ pairs: { a: 1 } }, /^kinds.pairs: .* an object of texts and nulls/],
    [{ pairs: ['a'] }, /^kinds.pairs: /],
    [{ pairs: 'a=>b' }, /^kinds.pairs: /],
    [{ pairs: new Map() }, /^kinds.pairs: /],
    [{ pairs: { a: undefined } }, /^kinds.pairs: /],
    [{ pairs: { a: '\ud800' } }, /^kinds.pairs: .*surrogate/],
  ])('refuses %j before it is sent', async (row, message) => {
    for (const dialect of [postgresDialect, sqliteDialect]) {
      const error = await errorOf(() =>
        insert(kinds)
          .values(row as never)
          .toSQL(dialect),
      )
      expect(error.message).toMatch(message)
      expect(error.name).toBe('ValueError')
    }
  })

  it('takes no infinite interval', async () => {
    const { db } = databases[0]!
    const endless = select(sql(interval())`'infinity'::interval`)
    expect((await errorOf(() => db.all(endless))).message).toMatch(/an interval that is not infinite/)
  })

  it('refuses lengths that are none', async () => {
    for (const make of [() => bit(0), () => bit('x' as never), () => varbit(1.5), () => varbit(83_886_081)])
      expect(await errorOf(make)).toMatchObject({ code: 'invalid_type' })
  })

  it('is refused by SQLite where it has none, and by older versions', async () => {
    for (const statement of [
      createTable(table('pages', { words: tsvector() })),
      select(literal("'cat'", tsquery())),
    ]) {
      expect((await errorOf(() => statement.toSQL(sqliteDialect))).message).toMatch(
        /SQLite has no type ts(vector|query)\..*FTS5/,
      )
    }
    const halls = createTable(table('halls', { free: int4multirange() }))
    expect((await errorOf(() => halls.toSQL(sqliteDialect))).message).toMatch(/SQLite has no ranges/)
    expect((await errorOf(() => halls.toSQL(postgresDialectFor(13)))).message).toMatch(
      /PostgreSQL 13 has no values of several ranges\. Keep each range/,
    )
  })

  it('takes types of a program, also through JSON, if they are given again', async () => {
    const own: OwnCodec = {
      codec: (dialect) => ({
        ...(dialect.types.text as Codec),
        ddl: () => (dialect.lacks.arrays ? 'text' : 'box'),
      }),
    }
    const sqlType: SqlType = { name: 'box', family: 'named', [OWN]: own }
    const box: TypeDefinition<string | null, 'named'> = { sqlType, '~value': null, '~family': 'named' }
    const corners = mapped(box, {
      name: 'corners',
      encode: (value: string[]) => value.join(),
      decode: (value) => value.split(/,(?=\()/),
    })
    for (const [type, value] of [
      [box, '(2,2),(1,1)'],
      [corners, ['(2,2)', '(1,1)']],
    ] as const) {
      const statement = select(literal(value as never, type as typeof box))
      const json = JSON.parse(JSON.stringify(toJSON(statement))) as Json
      for (const { db } of databases) {
        const read = fromJSON(json, {}, [type]) as typeof statement
        for (const way of [statement, read]) expect(await db.all(way)).toEqual([value])
      }
    }
    expect(select(literal('(2,2),(1,1)', box)).toSQL(postgresDialect).sql).toBe('select $1::box as "value"')
  })

  it('goes through JSON', () => {
    const statement = select(kinds)
      .from(kinds)
      .where(kinds.host.eq('10.0.0.1'), kinds.every.ne('P1D'), kinds.pairs.eq({ a: 'b' }), kinds.object.eq(5))
    const read = fromJSON(JSON.parse(JSON.stringify(toJSON(statement))) as Json) as typeof statement
    for (const dialect of [postgresDialect, sqliteDialect])
      expect(read.toSQL(dialect)).toEqual(statement.toSQL(dialect))
  })
})
