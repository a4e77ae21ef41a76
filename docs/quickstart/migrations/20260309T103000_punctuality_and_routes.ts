import { caseWhen, index, integer, metadata, primaryKey, text, timestamp, update } from '@espalier/core'
import { addColumn, createIndex, createTable, execute, revision } from '@espalier/migrate'

const then = metadata({ columnNames: 'snake_case' })
const punctuality = { punctuality: text().notNull().default('on time') }
const flights = then.table('flights', {
  id: integer().identity().primaryKey(),
  origin: text().notNull(),
  departedAt: timestamp().notNull(),
  delay: integer().notNull(),
  ...punctuality,
})
const routes = then.table(
  'routes',
  {
    origin: text().notNull().references('airports.iata'),
    destination: text().notNull().references('airports.iata'),
    flights: integer().notNull(),
    totalDelay: integer().notNull(),
  },
  (t) => [primaryKey(t.origin, t.destination)],
)

export default revision({
  id: '9d05e6b8',
  parents: ['3be94a17'],
  message: 'punctuality of flights, and routes',
  up: [
    addColumn(flights, punctuality),
    execute(
      update(flights)
        .set({ punctuality: caseWhen(flights.delay.lt(0), 'early').else('late') })
        .where(flights.delay.between(0, 14).not()),
      { reverse: 'nothing' },
    ),
    createIndex(flights, (t) => index(t.origin, t.departedAt)),
    createTable(routes),
  ],
})
