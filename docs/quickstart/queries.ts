/** What the quickstart asks. Statements are values: they know no database, and each is compiled for the one it runs on. */
import {
  avg,
  caseWhen,
  cast,
  count,
  cte,
  type Expression,
  integer,
  literal,
  max,
  min,
  param,
  type Reads,
  rank,
  recursiveCte,
  round,
  select,
  substring,
  text,
  timestamp,
} from '@espalier/core'
import { airports, flights, routes, states } from './schema.js'

const destinations = airports.as('destinations')

/** Parts of statements are values too, and serve wherever their tables are in FROM. */
const isLate = flights.punctuality.eq('late')
const averageDelay = round(avg(flights.delay), 2)
const percentLate = round(avg(caseWhen(isLate, 100).else(0)), 1)

/** A function over expressions keeps what is known of them: the table that they read. */
function hourOf<S extends Reads, N extends string>(time: Expression<Date, S, N, 'timestamp'>) {
  return cast(substring(cast(time, text()), 12, 2), integer())
}

export const totals = select({
  flights: count(),
  airports: count(flights.origin).distinct(),
  averageDelay,
  percentLate,
  first: min(flights.departedAt),
  last: max(flights.departedAt),
}).from(flights)

export const busiestRoutes = select({
  from: airports.city,
  to: destinations.city,
  flights: count(),
  averageDelay,
})
  .from(flights)
  .join(airports, airports.iata.eq(flights.origin))
  .join(destinations, destinations.iata.eq(flights.destination))
  .groupBy(airports.iata, airports.city, destinations.iata, destinations.city)
  .orderBy((row) => [row.flights.desc(), row.from, row.to])
  .limit(20)

export const punctualityByHour = select({
  hour: hourOf(flights.departedAt),
  flights: count(),
  late: count().filter(isLate),
  percentLate,
})
  .from(flights)
  .groupBy((row) => row.hour)
  .orderBy((row) => row.hour)

const departures = cte(
  'departures',
  select({ airport: flights.origin, flights: count(), averageDelay, percentLate })
    .from(flights)
    .groupBy(flights.origin)
    .having(count().gte(100)),
)

export const worstDelays = select({
  rank: rank().over({ orderBy: departures.averageDelay.desc() }),
  rankInState: rank().over({
    partitionBy: airports.stateCode,
    orderBy: departures.averageDelay.desc(),
  }),
  airport: airports.name,
  state: airports.stateCode,
  flights: departures.flights,
  averageDelay: departures.averageDelay,
  percentLate: departures.percentLate,
})
  .from(departures)
  .join(airports, airports.iata.eq(departures.airport))
  .orderBy((row) => [row.rank, row.airport])

/** Every airport from south to north. Whole tables are objects; where the left join finds no state, it is null. */
export const airportsWithStates = select({ airport: airports, state: states })
  .from(airports)
  .leftJoin(states)
  .orderBy(airports.latitude, airports.iata)

/** The longest delays from an airport since some day: a statement that is prepared once and run many times. */
export const delaysFrom = select({
  to: airports.city,
  departedAt: flights.departedAt,
  delay: flights.delay,
})
  .from(flights)
  .join(airports, airports.iata.eq(flights.destination))
  .where(flights.origin.eq(param('airport', text())), flights.departedAt.gte(param('since', timestamp())))
  .orderBy(flights.delay.desc(), flights.departedAt, airports.city)
  .limit(3)

/** Every airport that can be reached from one in at most three flights. */
const reached = recursiveCte(
  'reached',
  select({ airport: literal('ITO', text()), hops: literal(0, integer()) }),
  (self) =>
    select({ airport: routes.destination, hops: self.hops.add(1) })
      .from(routes)
      .join(self, routes.origin.eq(self.airport))
      .where(self.hops.lt(3)),
  { distinct: true },
)
const nearest = cte(
  'nearest',
  select({ airport: reached.airport, hops: min(reached.hops) })
    .from(reached)
    .groupBy(reached.airport),
)

export const reachableFromHilo = select({ flights: nearest.hops, airports: count() })
  .from(nearest)
  .groupBy(nearest.hops)
  .orderBy(nearest.hops)
