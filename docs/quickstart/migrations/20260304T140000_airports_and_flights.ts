import {
  boolean,
  caseWhen,
  cast,
  coalesce,
  double,
  insert,
  integer,
  metadata,
  nullIf,
  replace,
  select,
  splitPart,
  substring,
  table,
  text,
  timestamp,
  trim,
} from '@espalier/core'
import { createTable, dropTable, execute, revision } from '@espalier/migrate'

// The tables as they are at this revision, whatever becomes of them later.
const airportFeed = table('airport_feed', {
  iata: text().primaryKey(),
  name: text().notNull(),
  city: text().notNull(),
  state: text().notNull(),
  country: text().notNull(),
  latitude: double().notNull(),
  longitude: double().notNull(),
})
const flightFeed = table('flight_feed', {
  date: text().notNull(),
  delay: integer().notNull(),
  distance: integer().notNull(),
  origin: text().notNull(),
  destination: text().notNull(),
})

const then = metadata({ columnNames: 'snake_case' })
const states = then.table('states', {
  code: text().primaryKey(),
  isTerritory: boolean().notNull(),
})
const airports = then.table('airports', {
  iata: text().primaryKey(),
  name: text().notNull(),
  city: text(),
  stateCode: text().references('states.code'),
  country: text().notNull(),
  latitude: double().notNull(),
  longitude: double().notNull(),
})
const flights = then.table('flights', {
  id: integer().identity().primaryKey(),
  origin: text().notNull().references('airports.iata'),
  destination: text().notNull().references('airports.iata'),
  departedAt: timestamp().notNull(),
  delay: integer().notNull(),
  distance: integer().notNull(),
})

/** The Northern Marianas are CQ to the aviation authority and MP to everybody else. */
const code = caseWhen(airportFeed.state.eq('CQ'), 'MP').else(airportFeed.state)

const fillStates = insert(states).fromSelect(
  select({ code, isTerritory: code.in(['AS', 'GU', 'MP', 'PR', 'VI']) })
    .from(airportFeed)
    .where(code.ne('NA'))
    .distinct(),
)

/** What is not known is 'NA', and a city may be followed by a state, as in 'Westport, NY'. */
const fillAirports = insert(airports).fromSelect(
  select({
    iata: airportFeed.iata,
    name: airportFeed.name,
    city: nullIf(trim(splitPart(airportFeed.city, ',', 1)), 'NA'),
    stateCode: nullIf(code, 'NA'),
    country: airportFeed.country,
    latitude: airportFeed.latitude,
    longitude: airportFeed.longitude,
  }).from(airportFeed),
)

/** '2001/01/31 06:55' becomes a timestamp. */
const fillFlights = insert(flights).fromSelect(
  select({
    origin: flightFeed.origin,
    destination: flightFeed.destination,
    departedAt: cast(replace(flightFeed.date, '/', '-'), timestamp()),
    delay: flightFeed.delay,
    distance: flightFeed.distance,
  })
    .from(flightFeed)
    .orderBy(flightFeed.date, flightFeed.origin, flightFeed.destination, flightFeed.delay),
)

const returnAirports = insert(airportFeed).fromSelect(
  select({
    iata: airports.iata,
    name: airports.name,
    city: coalesce(airports.city, 'NA'),
    state: coalesce(airports.stateCode, 'NA'),
    country: airports.country,
    latitude: airports.latitude,
    longitude: airports.longitude,
  }).from(airports),
)

const returnFlights = insert(flightFeed).fromSelect(
  select({
    date: replace(substring(cast(flights.departedAt, text()), 1, 16), '-', '/'),
    delay: flights.delay,
    distance: flights.distance,
    origin: flights.origin,
    destination: flights.destination,
  }).from(flights),
)

export default revision({
  id: '3be94a17',
  parents: ['f1a7c0d2'],
  message: 'airports and flights instead of texts',
  up: [
    createTable(states),
    createTable(airports),
    createTable(flights),
    execute(fillStates, { reverse: 'nothing' }),
    execute(fillAirports, { reverse: returnAirports }),
    execute(fillFlights, { reverse: returnFlights }),
    dropTable(flightFeed),
    dropTable(airportFeed),
  ],
})
