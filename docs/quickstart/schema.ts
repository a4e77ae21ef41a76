/** The tables as the application knows them, once every revision is applied. */
import { boolean, double, index, integer, metadata, primaryKey, text, timestamp } from '@espalier/core'

export const app = metadata({ columnNames: 'snake_case' })

export const states = app.table('states', {
  code: text().primaryKey(),
  isTerritory: boolean().notNull(),
})

export const airports = app.table('airports', {
  iata: text().primaryKey(),
  name: text().notNull(),
  city: text(),
  stateCode: text().references(() => states.code),
  country: text().notNull(),
  latitude: double().notNull(),
  longitude: double().notNull(),
})

export const flights = app.table(
  'flights',
  {
    id: integer().identity().primaryKey(),
    origin: text()
      .notNull()
      .references(() => airports.iata),
    destination: text()
      .notNull()
      .references(() => airports.iata),
    /** The local time of the origin. */
    departedAt: timestamp().notNull(),
    /** Minutes; negative if the flight was early. */
    delay: integer().notNull(),
    /** Miles. */
    distance: integer().notNull(),
    /** 'early', 'on time' or 'late', as the Bureau of Transportation Statistics counts: late is 15 minutes or more. */
    punctuality: text().notNull().default('on time'),
  },
  (t) => [index(t.origin, t.departedAt)],
)

/** Every pair of airports with a flight from one to the other, and what is known of those flights. */
export const routes = app.table(
  'routes',
  {
    origin: text()
      .notNull()
      .references(() => airports.iata),
    destination: text()
      .notNull()
      .references(() => airports.iata),
    flights: integer().notNull(),
    totalDelay: integer().notNull(),
  },
  (t) => [primaryKey(t.origin, t.destination)],
)
