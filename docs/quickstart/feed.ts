/** The data as they are delivered: two files of the npm package `vega-datasets`, and the tables that take them in. */
import { readFile } from 'node:fs/promises'
import { double, integer, table, text } from '@espalier/core'

/** The airports of the United States and its territories. What is not known is 'NA'. */
export const airportFeed = table('airport_feed', {
  iata: text().primaryKey(),
  name: text().notNull(),
  city: text().notNull(),
  state: text().notNull(),
  country: text().notNull(),
  latitude: double().notNull(),
  longitude: double().notNull(),
})

/** Flights of the first three months of 2001: times as texts ('2001/01/31 06:55'), delays negative if early. */
export const flightFeed = table('flight_feed', {
  date: text().notNull(),
  delay: integer().notNull(),
  distance: integer().notNull(),
  origin: text().notNull(),
  destination: text().notNull(),
})

/** A flight as the file has it. */
export interface FeedFlight {
  readonly date: string
  readonly delay: number
  readonly distance: number
  readonly origin: string
  readonly destination: string
}

/** The airports, one by one: `iata,name,city,state,country,latitude,longitude` below a line of headings. */
export async function* readAirports() {
  const [, ...lines] = (await readDataset('airports.csv')).trimEnd().split('\n')
  for (const line of lines) {
    const [iata = '', name = '', city = '', state = '', country = '', latitude, longitude] = fieldsOf(line)
    yield { iata, name, city, state, country, latitude: Number(latitude), longitude: Number(longitude) }
  }
}

export async function readFlights(): Promise<readonly FeedFlight[]> {
  // What the file claims to hold; the load checks every value against its column.
  return JSON.parse(await readDataset('flights-20k.json')) as readonly FeedFlight[]
}

function readDataset(file: string): Promise<string> {
  return readFile(new URL(`../data/${file}`, import.meta.resolve('vega-datasets')), 'utf8')
}

/** The fields of a line of CSV: bare, or in quotation marks that are doubled within. */
function fieldsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  )
}
