import type { Database } from '@espalier/core'
import { airportFeed, flightFeed, readAirports, readFlights } from './feed.js'

/** Loads both files, each in a transaction of its own: all of its rows or, on an error, none. */
export async function loadFeed(db: Database, onProgress: (text: string) => void) {
  const loaded = await db.load(airportFeed, readAirports(), {
    onProgress: ({ rows }) => onProgress(`${rows} airports`),
  })
  const flights = await readFlights()
  const { affected } = await db.load(flightFeed, flights, {
    onProgress: ({ rows }) =>
      onProgress(`${rows} of ${flights.length} flights ${bar(rows / flights.length)}`),
  })
  return [
    { table: 'airport_feed', rows: loaded.affected },
    { table: 'flight_feed', rows: affected },
  ]
}

function bar(share: number): string {
  const full = Math.round(share * 30)
  return '█'.repeat(full) + '░'.repeat(30 - full)
}
