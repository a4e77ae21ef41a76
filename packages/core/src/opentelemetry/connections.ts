import { type Attributes, type Meter, metrics } from '@opentelemetry/api'
import type { Database } from '../execution/database.js'
import { INSTRUMENTATION } from './name.js'

/** How {@link connectionMetrics} tells of connections. */
export interface ConnectionMetricsOptions {
  /** What the pool is called, `db.client.connection.pool.name`: one for each database of a program, such as `db.example.org/app`. */
  readonly poolName: string
  /** What else is to stand on each figure. */
  readonly attributes?: Attributes
  /** What makes the metrics. Default: the global provider's meter `@espalier/core`. */
  readonly meter?: Meter
}

/**
 * Has the connections of a database counted each time that metrics are collected, by the semantic conventions of
 * OpenTelemetry: `db.client.connection.count`, by the states `idle` and `used`, and `db.client.connection.pending_requests`,
 * those who wait for one. Gives a function that ends it. A database that counts nothing (see `diagnostics()`) has no figures.
 *
 * It needs the package `@opentelemetry/api`; set up the SDK before.
 *
 * https://opentelemetry.io/docs/specs/semconv/db/database-metrics/#connection-pools
 * @example
 * ```ts
 * const stop = connectionMetrics(db, { poolName: 'db.example.org/app' })
 * stop() // before the database is closed
 * ```
 */
export function connectionMetrics(
  database: Pick<Database, 'diagnostics'>,
  { poolName, attributes, meter = metrics.getMeter(INSTRUMENTATION) }: ConnectionMetricsOptions,
): () => void {
  const count = meter.createObservableUpDownCounter('db.client.connection.count', {
    description: 'Connections of a pool, by their state.',
    unit: '{connection}',
  })
  const pending = meter.createObservableUpDownCounter('db.client.connection.pending_requests', {
    description: 'Requests that wait for a connection.',
    unit: '{request}',
  })
  const common: Attributes = { ...attributes, 'db.client.connection.pool.name': poolName }
  const observe: Parameters<Meter['addBatchObservableCallback']>[0] = (result) => {
    const connections = database.diagnostics()?.connections
    if (connections === undefined) return
    const { open, busy, waiting } = connections
    result.observe(count, busy, { ...common, 'db.client.connection.state': 'used' })
    result.observe(count, open - busy, { ...common, 'db.client.connection.state': 'idle' })
    result.observe(pending, waiting, common)
  }
  const observables = [count, pending]
  meter.addBatchObservableCallback(observe, observables)
  return () => meter.removeBatchObservableCallback(observe, observables)
}
