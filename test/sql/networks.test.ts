import {
  cidr,
  createTable,
  inet,
  insert,
  integer,
  literal,
  networkContainedBy,
  networkContains,
  networkContainsMore,
  networkFamily,
  networkHost,
  networkLength,
  networkOf,
  networkOverlaps,
  networkPartOf,
  type Statement,
  select,
  table,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { beforeAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { everyWay, refusalOf } from '../support/postgres-cases.js'
import { errorOf } from '../support/sql.js'

const visits = table('visits', { id: integer().primaryKey(), host: inet(), net: cidr('network') })
const rows = [
  { id: 1, host: '10.1.2.3', net: '10.0.0.0/8' },
  { id: 2, host: '192.168.1.5/24', net: '10.1.0.0/16' },
  { id: 3, host: '2001:db8::1', net: '2001:db8::/32' },
  { id: 4, host: null, net: null },
]
const ids = select(visits.id).from(visits).orderBy(visits.id)

const cases: readonly (readonly [
  string,
  Statement<unknown, never>,
  string,
  readonly unknown[],
  readonly unknown[],
])[] = [
  [
    'addresses within a network',
    ids.where(networkContainedBy(visits.host, '10.0.0.0/8')),
    'select "visits"."id" as "value" from "visits" where "visits"."host" <<= $1::inet order by "visits"."id"',
    ['10.0.0.0/8'],
    [1],
  ],
  [
    'networks that have an address, or those of other columns',
    ids.where(
      networkContains(visits.net, '10.1.2.3'),
      networkContains(literal('10.0.0.0/8', cidr()), visits.net),
    ),
    'select "visits"."id" as "value" from "visits" where "visits"."network" >>= $1::inet and $2::cidr >>= "visits"."network" order by "visits"."id"',
    ['10.1.2.3', '10.0.0.0/8'],
    [1, 2],
  ],
  [
    'parts of networks, and overlaps',
    select({
      more: networkContainsMore(visits.net, '10.1.0.0/16'),
      part: networkPartOf(visits.net, '10.0.0.0/8'),
      overlaps: networkOverlaps(visits.net, visits.host),
      none: networkContains(visits.net, '10.0.0.0/8').not(),
    })
      .from(visits)
      .orderBy(visits.id),
    'select "visits"."network" >> $1::inet as "more", "visits"."network" << $2::inet as "part", "visits"."network" && "visits"."host" as "overlaps", not ("visits"."network" >>= $3::inet) as "none" from "visits" order by "visits"."id"',
    ['10.1.0.0/16', '10.0.0.0/8', '10.0.0.0/8'],
    [
      { more: true, part: false, overlaps: true, none: false },
      { more: false, part: true, overlaps: false, none: true },
      { more: false, part: false, overlaps: true, none: true },
      { more: null, part: null, overlaps: null, none: null },
    ],
  ],
  [
    'their parts',
    select({
      host: networkHost(visits.host),
      net: networkOf(visits.host),
      length: networkLength(visits.host),
      family: networkFamily(visits.host),
    })
      .from(visits)
      .orderBy(visits.id),
    'select host("visits"."host") as "host", network("visits"."host") as "net", masklen("visits"."host") as "length", family("visits"."host") as "family" from "visits" order by "visits"."id"',
    [],
    [
      { host: '10.1.2.3', net: '10.1.2.3/32', length: 32, family: 4 },
      { host: '192.168.1.5', net: '192.168.1.0/24', length: 24, family: 4 },
      { host: '2001:db8::1', net: '2001:db8::1/128', length: 128, family: 6 },
      { host: null, net: null, length: null, family: null },
    ],
  ],
]

describe.each(await allDatabases())('networks on $name', ({ name, db }) => {
  beforeAll(async () => {
    await db.run(createTable(visits))
    await db.run(insert(visits).values(rows))
  })

  it('are compared with each other', async () => {
    expect(await db.all(select(visits).from(visits).orderBy(visits.id))).toEqual(rows)
    expect(await db.all(ids.where(visits.host.between('10.0.0.0', '10.255.255.255')))).toEqual([1])
    expect(await db.all(ids.where(visits.host.gt(visits.net)))).toEqual([1, 2, 3])
    expect(await db.all(ids.where(visits.net.in(['10.0.0.0/8', '2001:DB8::/32'])))).toEqual([1, 3])
  })

  it.skipIf(name === 'SQLite').each(cases)('%s', async (_name, statement, text, params, expected) => {
    expect(statement.toSQL(postgresDialect)).toEqual({ sql: text, params })
    for (const way of everyWay(statement)) expect(await db.all(way)).toEqual(expected)
  })
})

it('SQLite refuses their operators, with what to do instead', async () => {
  for (const [, statement] of cases)
    expect(await refusalOf(statement as Statement<unknown>)).toMatch(
      /SQLite has no operators of networks. Compare addresses of hosts by between\(first, last\)/,
    )
})

it('what is no network is refused', async () => {
  expect((await errorOf(() => networkContains(visits.id as never, '10.0.0.0/8'))).message).toMatch(
    /networkContains\(visits.id, …\) takes an address or a network, of inet\(\) or cidr\(\), not integer/,
  )
  const wrong = ids.where(networkContainedBy(visits.host, '10.0.0.0/40'))
  expect((await errorOf(() => wrong.toSQL(postgresDialect))).message).toMatch(
    /"10.0.0.0\/40" is no value for inet/,
  )
})
