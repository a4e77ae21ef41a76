import {
  type Attributes,
  type Meter,
  metrics,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { Observer, StatementEnd } from '../execution/observer.js'
import { INSTRUMENTATION } from './name.js'
import { type Summary, summaryOf } from './summary.js'

/** How {@link openTelemetry} tells of statements. */
export interface OpenTelemetryOptions {
  /**
   * What is to stand on every span and metric, by the names of the semantic conventions: `server.address`, `server.port`,
   * `db.namespace`. `db.system.name` is known.
   */
  readonly attributes?: Attributes
  /** What makes the spans. Default: the global provider's tracer `@espalier/core`. */
  readonly tracer?: Tracer
  /** What makes the metrics. Default: the global provider's meter `@espalier/core`. */
  readonly meter?: Meter
  /** False leaves out `db.query.text`. Default: true, since a text has no values. */
  readonly queryText?: boolean
}

/**
 * An observer that makes spans and metrics of OpenTelemetry, by its semantic conventions for databases: a span for each
 * statement, below the span that is active where it is run; a span for each transaction, from its begin to its end, which
 * is active in its function; and the histogram `db.client.operation.duration`. A statement waits for its connection within
 * its span. The values of parameters are never told.
 *
 * It needs the package `@opentelemetry/api`. What is set up later than this is called is not seen by the metrics, so set
 * up the SDK first.
 *
 * https://opentelemetry.io/docs/specs/semconv/db/sql/
 * @example
 * ```ts
 * const traced = sqlite(':memory:', { observer: openTelemetry({ attributes: { 'db.namespace': 'app' } }) })
 * await traced.all(select({ one: literal(1, integer()) })) // a span `select` with db.query.text, db.operation.name, …
 * ```
 */
export function openTelemetry({
  attributes = {},
  tracer = trace.getTracer(INSTRUMENTATION),
  meter = metrics.getMeter(INSTRUMENTATION),
  queryText = true,
}: OpenTelemetryOptions = {}): Observer {
  const duration = meter.createHistogram('db.client.operation.duration', {
    description: 'Duration of database client operations.',
    unit: 's',
    advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] },
  })
  const summaries = rememberedSummaries()
  return {
    statement({ dialect, sql }) {
      const summary = summaries(sql)
      const system = systemName(dialect)
      const common: Attributes = { 'db.system.name': system, ...attributes }
      if (summary.text !== '') common['db.query.summary'] = summary.text
      if (summary.operation !== undefined) common['db.operation.name'] = summary.operation
      if (summary.collection !== undefined) common['db.collection.name'] = summary.collection
      const span = tracer.startSpan(summary.text || system, {
        kind: SpanKind.CLIENT,
        attributes: queryText ? { ...common, 'db.query.text': sql } : common,
      })
      return (end) => {
        const failure = failureOf(end)
        duration.record(end.milliseconds / 1000, { ...common, ...failure })
        if (failure !== undefined) {
          span.setAttributes(failure)
          span.setStatus({ code: SpanStatusCode.ERROR, message: String(failure['error.type']) })
        }
        span.end()
      }
    },
    transaction(work, { dialect }) {
      const options = { attributes: { 'db.system.name': systemName(dialect), ...attributes } }
      return tracer.startActiveSpan('transaction', options, async (span) => {
        try {
          return await work()
        } catch (error) {
          span.setAttribute('error.type', errorType(error))
          span.setStatus({ code: SpanStatusCode.ERROR, message: errorType(error) })
          throw error
        } finally {
          span.end()
        }
      })
    },
  }
}

/** https://opentelemetry.io/docs/specs/semconv/db/database-spans/#notes-and-well-known-identifiers-for-dbsystemname */
function systemName(dialect: string): string {
  const name = dialect.toLowerCase()
  return name === 'postgresql' || name === 'sqlite' ? name : 'other_sql'
}

/** What failed: the database's own code where there is one. The message may have values in it and is not told. */
function failureOf({ error }: StatementEnd): Attributes | undefined {
  if (error === undefined) return undefined
  const { databaseCode } = Object(error) as { databaseCode?: unknown }
  const type = { 'error.type': errorType(error) }
  return databaseCode === undefined ? type : { ...type, 'db.response.status_code': String(databaseCode) }
}

function errorType(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown }
  return String(code ?? name ?? '_OTHER')
}

const REMEMBERED = 1000

/** Texts come again; those that do not must not pile up. */
function rememberedSummaries(): (sql: string) => Summary {
  let known = new Map<string, Summary>()
  return (sql) => {
    let summary = known.get(sql)
    if (summary === undefined) {
      summary = summaryOf(sql)
      if (known.size >= REMEMBERED) known = new Map()
      known.set(sql, summary)
    }
    return summary
  }
}
