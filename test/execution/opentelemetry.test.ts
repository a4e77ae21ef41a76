import {
  count,
  createAll,
  cte,
  type Database,
  deleteFrom,
  insert,
  integer,
  type Observer,
  SerializationFailure,
  select,
  table,
  text,
  truncate,
  update,
} from '@espalier/core'
import { connectionMetrics, type OpenTelemetryOptions, openTelemetry } from '@espalier/core/opentelemetry'
import { postgres, postgresDialect } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterAll, describe, expect, it } from 'vitest'
import { summaryOf } from '../../packages/core/src/opentelemetry/summary.js'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const items = table('items', { id: integer().primaryKey(), name: text() })
const ids = select({ id: items.id }).from(items).orderBy(items.id)

const spans = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
trace.setGlobalTracerProvider(provider)
const application = trace.getTracer('application')
afterAll(async () => {
  await provider.shutdown()
  trace.disable()
  context.disable()
})

/** A span with those below it, in the order of their beginning. */
function treeBelow(parent: string | undefined): unknown[] {
  return spans
    .getFinishedSpans()
    .filter((span) => span.parentSpanContext?.spanId === parent)
    .sort((a, b) => before(a, b))
    .map((span) => {
      const below = treeBelow(span.spanContext().spanId)
      return below.length === 0 ? span.name : [span.name, below]
    })
}
const before = (a: ReadableSpan, b: ReadableSpan) =>
  a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1]

const opened: [string, string, (observer: Observer) => Promise<Database>][] = [
  ['PostgreSQL', 'postgresql', async (observer) => postgres(await testDatabaseUrl(), { observer })],
  ['SQLite', 'sqlite', async (observer) => sqlite(':memory:', { observer })],
]

describe.each(opened)('%s', (name, system, open) => {
  async function database(options?: OpenTelemetryOptions): Promise<Database> {
    const db = await open(openTelemetry(options))
    for (const statement of createAll([items], db.dialect)) await db.run(statement)
    spans.reset()
    return db
  }

  it('makes a span of each statement, by the conventions', async () => {
    await using db = await database({
      attributes: { 'server.address': 'db.example.org', 'db.namespace': 'app' },
    })
    await db.run(insert(items).values({ id: 1, name: 'a secret' }))
    await errorOf(() => db.run(insert(items).values({ id: 1, name: 'a secret' })))
    const [done, failed] = spans.getFinishedSpans()
    const mark = name === 'SQLite' ? ['?', '?'] : ['$1', '$2']
    const attributes = {
      'db.system.name': system,
      'db.namespace': 'app',
      'server.address': 'db.example.org',
      'db.query.summary': 'insert items',
      'db.operation.name': 'insert',
      'db.collection.name': 'items',
      'db.query.text': `insert into "items" ("id", "name") values (${mark[0]}, ${mark[1]})`,
    }
    expect(done).toMatchObject({ name: 'insert items', kind: SpanKind.CLIENT, status: { code: 0 } })
    expect(done?.attributes).toEqual(attributes)
    expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'unique_violation' })
    expect(failed?.attributes).toEqual({
      ...attributes,
      'error.type': 'unique_violation',
      'db.response.status_code': name === 'SQLite' ? 'SQLITE_CONSTRAINT_PRIMARYKEY' : '23505',
    })
    expect(JSON.stringify([done?.attributes, failed?.attributes, failed?.events])).not.toContain('secret')
  })

  it('nests statements below what is active, and a transaction around its own', async () => {
    await using db = await database()
    await application.startActiveSpan('request', async (span) => {
      await db.all(ids)
      await db.transaction(async (tx) => {
        await tx.run(insert(items).values({ id: 2 }))
        await application.startActiveSpan('inside', async (inner) => {
          await tx.all(ids)
          inner.end()
        })
        await tx.transaction((savepoint) => savepoint.all(ids))
      })
      await db.session((session) => session.transaction((tx) => tx.all(ids)))
      span.end()
    })
    expect(treeBelow(undefined)).toEqual([
      [
        'request',
        [
          'select items',
          [
            'transaction',
            [
              'begin',
              'insert items',
              ['inside', ['select items']],
              'savepoint',
              'select items',
              'release',
              'commit',
            ],
          ],
          ['transaction', ['begin', 'select items', 'commit']],
        ],
      ],
    ])
  })

  it('keeps statements of requests at the same time apart', async () => {
    await using db = await database()
    const request = (label: string) =>
      application.startActiveSpan(label, async (span) => {
        await Promise.all([db.all(ids), db.transaction((tx) => tx.all(ids))])
        for await (const _ of db.stream(ids)) break
        span.end()
      })
    await Promise.all(['one', 'two', 'three'].map(request))
    const tree = treeBelow(undefined) as [string, unknown[]][]
    expect(tree.map(([label]) => label).sort()).toEqual(['one', 'three', 'two'])
    for (const [, below] of tree) {
      expect(below).toHaveLength(3)
      expect(below).toContainEqual(['transaction', ['begin', 'select items', 'commit']])
      expect(below.filter((one) => one === 'select items')).toHaveLength(2)
    }
  })

  it('marks a transaction that is rolled back, and makes a span of each run', async () => {
    await using db = await database()
    let runs = 0
    await db.transaction(
      async (tx) => {
        await tx.all(ids)
        if (++runs === 1) throw new SerializationFailure('serialization_failure', 'again')
      },
      { retries: 1 },
    )
    const transactions = spans.getFinishedSpans().filter((span) => span.name === 'transaction')
    expect(transactions.map(({ status, attributes }) => [status.code, attributes])).toEqual([
      [SpanStatusCode.ERROR, { 'db.system.name': system, 'error.type': 'serialization_failure' }],
      [SpanStatusCode.UNSET, { 'db.system.name': system }],
    ])
    expect(treeBelow(undefined)).toEqual([
      ['transaction', ['begin', 'select items', 'rollback']],
      ['transaction', ['begin', 'select items', 'commit']],
    ])
  })

  it('measures the duration of operations', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const meters = new MeterProvider({ readers: [reader] })
    await using db = await database({ meter: meters.getMeter('test'), queryText: false })
    await db.run(insert(items).values({ id: 1 }))
    for (let i = 0; i < 3; i++) await db.all(ids)
    await errorOf(() => db.run(insert(items).values({ id: 1 })))
    expect(spans.getFinishedSpans()[0]?.attributes).not.toHaveProperty('db.query.text')
    await meters.forceFlush()
    const metric = exporter.getMetrics().at(-1)?.scopeMetrics[0]?.metrics[0]
    expect(metric?.descriptor).toMatchObject({ name: 'db.client.operation.duration', unit: 's' })
    const points = (metric?.dataPoints ?? []).map(({ attributes, value }) => ({
      summary: attributes['db.query.summary'],
      error: attributes['error.type'],
      count: (value as { count: number }).count,
      boundaries: (value as { buckets: { boundaries: number[] } }).buckets.boundaries,
    }))
    const boundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
    expect(points).toContainEqual({ summary: 'select items', error: undefined, count: 3, boundaries })
    expect(points).toContainEqual({ summary: 'insert items', error: undefined, count: 1, boundaries })
    expect(points).toContainEqual({
      summary: 'insert items',
      error: 'unique_violation',
      count: 1,
      boundaries,
    })
    await meters.shutdown()
  })

  it('counts connections by their state, and those who wait for one', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const meters = new MeterProvider({ readers: [reader] })
    await using db = await database()
    const given = { poolName: 'main', attributes: { 'server.port': 5432 }, meter: meters.getMeter('test') }
    const stop = connectionMetrics(db, given)
    const figures = async () => {
      exporter.reset()
      await meters.forceFlush()
      const all = exporter.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? []
      return all.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => {
          expect(attributes).toMatchObject({ 'db.client.connection.pool.name': 'main', 'server.port': 5432 })
          return [descriptor.name, attributes['db.client.connection.state'], value]
        }),
      )
    }
    const counted = (used: number, idle: number, waiting: number) => [
      ['db.client.connection.count', 'used', used],
      ['db.client.connection.count', 'idle', idle],
      ['db.client.connection.pending_requests', undefined, waiting],
    ]
    expect(await figures()).toEqual(counted(0, 1, 0))
    await db.session(async (session) => {
      await session.all(ids)
      expect(await figures()).toEqual(counted(1, 0, 0))
    })
    const holder = await db.begin()
    const waiting = name === 'SQLite' ? db.all(ids) : undefined
    const last = counted(1, 0, name === 'SQLite' ? 1 : 0)
    expect(await figures()).toEqual(last)
    stop()
    await holder.rollback()
    await waiting
    // What is not observed any more stays as it was in the SDK.
    expect(await figures()).toEqual(last)
    await meters.shutdown()
  })
})

const other = table('other', { id: integer().primaryKey(), itemId: integer('item_id') })
const busy = cte('busy', select({ id: other.itemId, n: count() }).from(other).groupBy(other.itemId))

describe('a summary', () => {
  const odd = table('an odd one', { id: integer().primaryKey() })
  it.each([
    [select(items).from(items).join(other, other.itemId.eq(items.id)), 'select items other'],
    [
      select(items)
        .from(items)
        .where(items.id.in(select(other.itemId).from(other))),
      'select items select other',
    ],
    [select(odd).from(odd), 'select "an odd one"'],
    [select({ n: busy.n }).from(busy), 'select other select busy'],
    [insert(items).values({ id: 1 }).onConflict(items.id).doUpdate({ name: 'from x' }), 'insert items'],
    [insert(items).fromSelect(select({ id: other.id }).from(other)), 'insert items select other'],
    [update(items).set({ name: 'a' }).from(other).where(other.id.eq(items.id)), 'update items other'],
    [deleteFrom(items).where(items.id.eq(1)), 'delete items'],
    [truncate(items), 'truncate items'],
    [createAll([items], postgresDialect)[0]!, 'create table items'],
  ])('of a statement %#', (statement, expected) => {
    expect(summaryOf(statement.toSQL(postgresDialect).sql).text).toBe(expected)
  })

  it.each([
    ["select extract(year from t.at), 'from x', $$ from y $$ from app.t -- from z", 'select app.t', 'app.t'],
    ['select * from generate_series(1, 3) g', 'select', undefined],
    ['select 1 where a is distinct from b', 'select', undefined],
    ['select * from t for update', 'select t', 't'],
    ['begin immediate', 'begin', undefined],
    [
      'with x as (delete from a returning *) insert into b select * from x',
      'delete a insert b select x',
      undefined,
    ],
    ['merge into a using b on a.id = b.id when matched then update set x = 1', 'merge a b', undefined],
    ['/* select from nothing */ SELECT * FROM "A"."b c"', 'select A."b c"', 'A."b c"'],
    ['create unique index concurrently if not exists i on t (x)', 'create index i', 'i'],
    ['', '', undefined],
  ])('of %s', (text, expected, collection) => {
    expect(summaryOf(text)).toMatchObject({ text: expected, collection })
  })
})
