/** What the quickstart changes. */
import {
  coalesce,
  count,
  type Database,
  deleteFrom,
  insert,
  isEspalierError,
  select,
  sum,
} from '@espalier/core'
import { flights, routes } from './schema.js'

/** Adds the flights of a month to their routes: an upsert of every route that had one. */
export function recordRoutes(year: number, month: number) {
  const since = new Date(Date.UTC(year, month - 1))
  const until = new Date(Date.UTC(year, month))
  return insert(routes)
    .fromSelect(
      select({
        origin: flights.origin,
        destination: flights.destination,
        flights: count(),
        totalDelay: coalesce(sum(flights.delay), 0),
      })
        .from(flights)
        .where(flights.departedAt.gte(since), flights.departedAt.lt(until))
        .groupBy(flights.origin, flights.destination),
    )
    .onConflict(routes.origin, routes.destination)
    .doUpdate((route, excluded) => ({
      flights: route.flights.add(excluded.flights),
      totalDelay: route.totalDelay.add(excluded.totalDelay),
    }))
}

export const departuresOf = (airport: string) =>
  select(count()).from(flights).where(flights.origin.eq(airport))

export const cancelDepartures = (airport: string) => deleteFrom(flights).where(flights.origin.eq(airport))

export const addDeparture = (airport: string, destination: string) =>
  insert(flights).values({
    origin: airport,
    destination,
    departedAt: new Date('2001-04-01T12:00:00Z'),
    delay: 0,
    distance: 1000,
  })

/** Undoes the transaction that throws it. */
class ChangedOurMind extends Error {}

/** Cancels every departure of an airport, has a savepoint within fail, and then takes everything back. */
export async function rehearseCancellation(db: Database, airport: string) {
  const log: { event: string; departures: number }[] = []
  try {
    await db.transaction(async (tx) => {
      const note = async (event: string) =>
        log.push({ event, departures: await tx.scalar(departuresOf(airport)) })
      await note('before')
      await tx.run(cancelDepartures(airport))
      await note('departures cancelled')
      try {
        await tx.transaction(async (savepoint) => {
          await savepoint.run(addDeparture(airport, 'SFO'))
          await savepoint.run(addDeparture(airport, 'nowhere'))
        })
      } catch (error) {
        if (!isEspalierError(error) || error.code !== 'foreign_key_violation') throw error
        await note(`savepoint undone: ${error.name}`)
      }
      await tx.run(addDeparture(airport, 'SFO'))
      await note('one departure added')
      throw new ChangedOurMind()
    })
  } catch (error) {
    if (!(error instanceof ChangedOurMind)) throw error
  }
  log.push({ event: 'transaction undone', departures: await db.scalar(departuresOf(airport)) })
  return log
}
