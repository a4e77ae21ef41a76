import { double, integer, table, text } from '@espalier/core'
import { createTable, revision } from '@espalier/migrate'

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

export default revision({
  id: 'f1a7c0d2',
  parents: [],
  message: 'tables for the data as they are delivered',
  up: [createTable(airportFeed), createTable(flightFeed)],
})
