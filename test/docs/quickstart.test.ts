import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { count, type Database, select, sum } from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { sqlite } from '@espalier/dialects/sqlite'
import { createMigrator } from '@espalier/migrate'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { airportFeed, flightFeed } from '../../docs/quickstart/feed.js'
import { type Comparison, quickstart } from '../../docs/quickstart/quickstart.js'
import { createReport } from '../../docs/quickstart/report.js'
import { airports, flights, routes, states } from '../../docs/quickstart/schema.js'

// The revisions are loaded by jiti, which is to read the sources of the packages too, not what is built of them.
const source = (name: string) =>
  fileURLToPath(new URL(`../../packages/${name}/src/index.ts`, import.meta.url))
process.env.JITI_ALIAS = JSON.stringify({
  '@espalier/core': source('core'),
  '@espalier/migrate': source('migrate'),
})

const quickstartDirectory = fileURLToPath(new URL('../../docs/quickstart/', import.meta.url))
const dataset = join(createRequire(quickstartDirectory).resolve('vega-datasets'), '../../data')

/** What the files say, worked out without a database. */
interface Flight {
  readonly date: string
  readonly delay: number
  readonly distance: number
  readonly origin: string
  readonly destination: string
}
const flown = JSON.parse(readFileSync(join(dataset, 'flights-20k.json'), 'utf8')) as readonly Flight[]
const cityOf = new Map(
  readFileSync(join(dataset, 'airports.csv'), 'utf8')
    .split('\n')
    .map((line) => line.split(','))
    .map(([iata = '', , city = '']) => [iata, city]),
)
const grouped = (key: (flight: Flight) => string) => {
  const groups = new Map<string, Flight[]>()
  for (const flight of flown) groups.set(key(flight), [...(groups.get(key(flight)) ?? []), flight])
  return groups
}
const rounded = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const averageDelay = (some: readonly Flight[]) => rounded(mean(some.map(({ delay }) => delay)), 2)
const late = (some: readonly Flight[]) => some.filter(({ delay }) => delay >= 15).length
const percentLate = (some: readonly Flight[]) => rounded((100 * late(some)) / some.length, 1)

describe('the quickstart', () => {
  // Handles of our own stay open when the quickstart closes its databases.
  const file = new BetterSqlite3(':memory:')
  const server = new PGlite()
  const databases = [
    { name: 'SQLite', open: () => sqlite(file) },
    { name: 'PGlite', open: () => pglite(server) },
  ]
  const open: Database[] = []
  const printed: string[] = []
  let comparisons: readonly Comparison[]

  beforeAll(async () => {
    const report = createReport({ columns: 90, write: (text: string) => printed.push(text) })
    comparisons = await quickstart(databases, report)
    report.onEnd(['SQLite', 'PGlite'], comparisons)
    for (const database of databases) open.push(await database.open())
  }, 60_000)

  afterAll(async () => {
    file.close()
    await server.close()
  })

  const rowsOf = (title: string) => {
    const found = comparisons.find((one) => one.title.startsWith(title))
    if (found === undefined) throw new Error(`There is no step '${title}'.`)
    return found.results[0]?.rows ?? []
  }

  it('gets the same rows from both databases in every step', () => {
    expect(comparisons.map(({ title, differsAt }) => ({ title, differsAt }))).toEqual(
      comparisons.map(({ title }) => ({ title, differsAt: undefined })),
    )
    expect(comparisons.every(({ results }) => results.length === 2)).toBe(true)
  })

  it('counts flights and delays', () => {
    expect(rowsOf('All flights')).toEqual([
      {
        flights: 20_000,
        airports: grouped((flight) => flight.origin).size,
        averageDelay: averageDelay(flown),
        percentLate: percentLate(flown),
        first: new Date('2001-01-01T00:47:00Z'),
        last: new Date('2001-03-31T22:27:00Z'),
      },
    ])
  })

  it('finds the busiest route', () => {
    const [busiest] = [...grouped(({ origin, destination }) => `${origin} ${destination}`)].sort(
      ([, a], [, b]) => b.length - a.length,
    )
    const [pair = '', some = []] = busiest ?? []
    const [from = '', to = ''] = pair.split(' ')
    expect(rowsOf('The busiest routes')[0]).toEqual({
      from: cityOf.get(from),
      to: cityOf.get(to),
      flights: some.length,
      averageDelay: averageDelay(some),
    })
  })

  it('knows how many flights of each hour are late', () => {
    const byHour = [...grouped(({ date }) => date.slice(11, 13))].sort(([a], [b]) => a.localeCompare(b))
    expect(rowsOf('Late flights')).toEqual(
      byHour.map(([hour, some]) => ({
        hour: Number(hour),
        flights: some.length,
        late: late(some),
        percentLate: percentLate(some),
      })),
    )
  })

  it('ranks airports by their delays', () => {
    const delays = [...grouped(({ origin }) => origin).values()]
      .filter((some) => some.length >= 100)
      .map(averageDelay)
    expect(rowsOf('Where one waits longest')).toHaveLength(delays.length)
    expect(rowsOf('Where one waits longest')[0]).toMatchObject({ rank: 1, averageDelay: Math.max(...delays) })
  })

  it('reads whole tables, and null for a state that is not known', () => {
    const rows = rowsOf('Airports and their states')
    expect(rows).toHaveLength(3376)
    expect(rows.filter((row) => 'state' in row && row.state === null)).toHaveLength(12)
    expect(rows).toContainEqual({
      airport: expect.objectContaining({ iata: 'SPN', city: null, stateCode: null }),
      state: null,
    })
  })

  it('finds what can be reached in three flights', () => {
    const next = grouped(({ origin }) => origin)
    const hops = new Map([['ITO', 0]])
    for (const [airport, flights] of hops) {
      if (flights === 3) continue
      for (const { destination } of next.get(airport) ?? []) {
        if (!hops.has(destination)) hops.set(destination, flights + 1)
      }
    }
    expect(rowsOf('How far one comes')).toEqual(
      [0, 1, 2, 3].map((flights) => ({
        flights,
        airports: [...hops.values()].filter((n) => n === flights).length,
      })),
    )
  })

  it('takes back what a transaction did', () => {
    const departures = grouped(({ origin }) => origin).get('ATL')?.length
    const log = rowsOf('A transaction')
    expect(log[0]).toEqual({ event: 'before', departures })
    expect(log[1]).toEqual({ event: 'departures cancelled', departures: 0 })
    expect(log.at(-1)).toEqual({ event: 'transaction undone', departures })
  })

  it('reports each step with its SQL, within the width it is given, and without colours', () => {
    const text = printed.join('')
    for (const { title } of comparisons) expect(text).toContain(title)
    expect(text).toContain('from "flights"')
    expect(text).toContain(`The same rows from SQLite and PGlite in all ${comparisons.length} steps.`)
    expect(text).not.toContain('\x1b')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(90)
  })

  it('shows the first row that differs', () => {
    const written: string[] = []
    const result = (delay: number) => ({
      title: 'Delays',
      sql: [],
      rows: [{ delay: 1 }, { delay }],
      milliseconds: 1,
    })
    const report = createReport({ columns: 90, write: (text: string) => written.push(text) })
    report.onEnd(['SQLite', 'PGlite'], [{ title: 'Delays', results: [result(2), result(3)], differsAt: 1 }])
    const text = written.join('')
    expect(text).toMatch(/^ {2}Delays .* NO$/m)
    expect(text).toContain('Different: Delays, row 2\n  SQLite: { delay: 2 }\n  PGlite: { delay: 3 }\n')
    expect(text).toContain('1 of 1 steps gave different rows.')
  })

  it('leaves every flight on its route, punctual or not', async () => {
    for (const db of open) {
      expect(await db.scalar(select(sum(routes.flights)).from(routes))).toBe(20_000)
      expect(await db.scalar(select(sum(routes.totalDelay)).from(routes))).toBe(
        flown.reduce((total, { delay }) => total + delay, 0),
      )
      const byPunctuality = select({ punctuality: flights.punctuality, n: count() })
        .from(flights)
        .groupBy(flights.punctuality)
        .orderBy(flights.punctuality)
      expect(await db.all(byPunctuality)).toEqual([
        { punctuality: 'early', n: flown.filter(({ delay }) => delay < 0).length },
        { punctuality: 'late', n: late(flown) },
        { punctuality: 'on time', n: flown.filter(({ delay }) => delay >= 0 && delay < 15).length },
      ])
    }
  })

  it('has revisions that normalise the feed, and that can be undone', async () => {
    for (const db of open) {
      const territories = select(states.code).from(states).where(states.isTerritory).orderBy(states.code)
      expect(await db.all(territories)).toEqual(['AS', 'GU', 'MP', 'PR', 'VI'])
      expect(await db.scalar(select(count()).from(states))).toBe(56)
      const places = select(airports.city)
        .from(airports)
        .where(airports.iata.in(['N25', 'PUW', 'SPN']))
        .orderBy(airports.iata)
      expect(await db.all(places)).toEqual(['Westport', 'Pullman/Moscow', null])

      await createMigrator({ db, directory: join(quickstartDirectory, 'migrations') }).downgrade('f1a7c0d2')

      const text = (flight: Flight) => JSON.stringify(Object.entries(flight).sort())
      const returned = await db.all(select(flightFeed).from(flightFeed))
      expect(returned.map(text).sort()).toEqual(flown.map(text).sort())
      expect(await db.scalar(select(count()).from(airportFeed).where(airportFeed.state.eq('NA')))).toBe(12)
    }
  })
})
