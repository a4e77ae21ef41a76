import { PGlite } from '@electric-sql/pglite'
import { compare, type Evidence } from '../harness/compare.js'
import type { ContenderName } from '../harness/measurement.js'
import type { Compiled } from './cases.js'

/** Runs every contender's text on a PostgreSQL and wants the same rows, and the same tables after a write. */
export class Verifier {
  static async open(): Promise<Verifier> {
    const database = await PGlite.create()
    await database.exec(schema)
    return new Verifier(database)
  }

  readonly #database: PGlite
  private constructor(database: PGlite) {
    this.#database = database
  }

  async check({ case: caseName, outcomes }: Evidence): Promise<void> {
    const effects = new Map<ContenderName, unknown>()
    for (const [contender, compiled] of outcomes) {
      effects.set(contender, await this.#effect(compiled as Compiled))
    }
    compare({ case: caseName, outcomes: effects })
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  /** What a statement returns, and the three tables that statements write, before it is rolled back. */
  async #effect({ sql, params }: Compiled): Promise<unknown> {
    const database = this.#database
    await database.exec('begin')
    try {
      const { rows } = await database.query(sql, [...params], { rowMode: 'array' })
      const written = await database.query(
        `select (select md5(string_agg(e::text, '|' order by e.source)) from (select type, source, session, user_id,
          position, duration, score, active, referrer, created_at from events) e) as events,
        (select json_agg(u order by u.id) from users u) as users,
        (select json_agg(c order by c.key) from counters c) as counters`,
      )
      return { rows: rows.map((row) => (row as unknown[]).map(String)), written: written.rows }
    } finally {
      await database.exec('rollback; alter sequence events_id_seq restart')
    }
  }
}

const schema = `
  create table users (id integer primary key, name text, email text, country text, active boolean,
    updated_at timestamptz);
  create table orders (id integer primary key, user_id integer, status text, total integer, created_at timestamptz);
  create table order_items (id integer primary key, order_id integer, product_id integer, quantity integer);
  create table products (id integer primary key, category_id integer, name text);
  create table categories (id integer primary key, name text);
  create table events (id serial primary key, type text, source text, session text, user_id integer,
    position integer, duration integer, score double precision, active boolean, referrer text,
    created_at timestamptz);
  create table counters (key text primary key, n integer, label text, updated_at timestamptz);
  insert into categories select n, 'category ' || n from generate_series(1, 4) n;
  insert into products select n, 1 + n % 4, 'product ' || n from generate_series(1, 40) n;
  insert into users select n, 'user ' || n, n || '@example.org', 'country ' || n % 2, n % 5 <> 0, '2026-01-01'
    from generate_series(1, 50) n;
  insert into orders select n, 1 + n % 50, (array['paid', 'shipped', 'open'])[1 + n % 3], n % 90,
    timestamptz '2026-01-01' + n * interval '1 hour' from generate_series(1, 600) n;
  insert into order_items select n, 1 + n % 600, 1 + (n * n) % 40, 1 + (n * 7) % 11 from generate_series(1, 2000) n;
  insert into counters values ('k', 0, 'old', '2020-01-01')`
