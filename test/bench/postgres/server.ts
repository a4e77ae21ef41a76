import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { startPostgres } from '../../support/postgres-server.js'
import { items } from '../database/items.js'
import { storedLines, storedOrders } from '../database/orders.js'
import { storedRecords } from '../database/records.js'

/** Gives the work a database with the bench's tables, and removes it afterwards whatever happens. */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const given = process.env.DATABASE_URL
  const server = given ? { url: given, stop: async () => {} } : await startPostgres()
  const name = `espalier_bench_${randomBytes(8).toString('hex')}`
  const admin = postgres(server.url, { max: 1, onnotice: () => {} })
  try {
    await admin.unsafe(`create database ${name}`)
    // Neither compiling plans nor vacuuming in the midst of a batch.
    await admin.unsafe(`alter database ${name} set jit = off`)
    const url = new URL(server.url)
    url.pathname = `/${name}`
    await createTables(url.href)
    return await work(url.href)
  } finally {
    await admin.unsafe(`drop database if exists ${name} with (force)`)
    await admin.end()
    await server.stop()
  }
}

async function createTables(url: string): Promise<void> {
  const sql = postgres(url, { max: 1 })
  try {
    await sql.unsafe(`
      create table items (id integer primary key, sku text not null, name text not null, quantity integer not null,
        price double precision not null, active boolean not null, created timestamptz not null, note text);
      create unlogged table entries (id integer primary key, account integer not null, kind text not null,
        amount double precision not null, memo text) with (autovacuum_enabled = off);
      create table orders (id integer primary key, placed timestamptz not null);
      create table lines (id bigint primary key, "orderId" integer not null references orders, name text not null,
        quantity integer not null, shipped timestamptz);
      create table records (id integer primary key, opened timestamptz not null, closed timestamptz,
        serial bigint not null, amount numeric(12, 2) not null, details json not null)`)
    await sql`insert into items select * from jsonb_populate_recordset(null::items, ${sql.json(stored())})`
    await sql`insert into records select id, opened, closed, serial, amount, details::json
      from jsonb_to_recordset(${sql.json(storedRecords())})
      as r(id integer, opened timestamptz, closed timestamptz, serial bigint, amount numeric, details text)`
    await sql`insert into orders select * from jsonb_populate_recordset(null::orders, ${sql.json(storedOrders())})`
    await sql`insert into lines select * from jsonb_populate_recordset(null::lines, ${sql.json(storedLines())})`
    await sql.unsafe('alter table lines rename "orderId" to order_id')
    await sql`create index on lines (order_id)`
    await sql`vacuum analyze items, records, orders, lines`
  } finally {
    await sql.end()
  }
}

const stored = () => items().map((row) => ({ ...row, created: row.created.toISOString() }))
