import type { Case, Contender } from '../harness/contender.js'
import { type Compiled, compileCases, compileContender, type Queries } from './cases.js'
import { type EventRow, moment, oneRow, thousandRows } from './rows.js'

const a = 'select "id", "name" from "users" where "id" = $1'

const b =
  'select "categories"."name" as "category", "users"."country" as "country", ' +
  'count("orders"."id") as "order_count", sum("order_items"."quantity") as "qty" from "users" ' +
  'inner join "orders" on "orders"."user_id" = "users"."id" ' +
  'inner join "order_items" on "order_items"."order_id" = "orders"."id" ' +
  'inner join "products" on "products"."id" = "order_items"."product_id" ' +
  'inner join "categories" on "categories"."id" = "products"."category_id" ' +
  'where "users"."active" = $1 and ("orders"."status" = $2 or "orders"."status" = $3) and "orders"."total" > $4 ' +
  'group by "categories"."name", "users"."country" having count("orders"."id") > $5 ' +
  'order by "qty" desc, "categories"."name" asc limit $6'

const c =
  'with "recent" as (select "orders"."user_id", "orders"."total", ' +
  'row_number() over (partition by "orders"."user_id" order by "orders"."created_at" desc) as "rn" ' +
  'from "orders" where "orders"."status" = $1) ' +
  'select "users"."id", "users"."name", "recent"."total", ' +
  '(select count(*) as "n" from "order_items" inner join "orders" on "orders"."id" = "order_items"."order_id" ' +
  'where "orders"."user_id" = "users"."id") as "items" ' +
  'from "recent" inner join "users" on "users"."id" = "recent"."user_id" where "recent"."rn" <= $2'

const into =
  'insert into "events" ("type", "source", "session", "user_id", "position", "duration", "score", ' +
  '"active", "referrer", "created_at") values '

const d = `${into}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning "id"`

const f = 'update "users" set "name" = $1, "active" = $2, "updated_at" = $3 where "id" = $4 and "active" = $5'

const g =
  'insert into "counters" ("key", "n", "label", "updated_at") values ($1, $2, $3, $4) ' +
  'on conflict ("key") do update set "n" = excluded."n", "label" = excluded."label", ' +
  '"updated_at" = excluded."updated_at"'

const valuesOf = (r: EventRow) => [
  r.type,
  r.source,
  r.session,
  r.user_id,
  r.position,
  r.duration,
  r.score,
  r.active,
  r.referrer,
  r.created_at,
]

function insertMany(rows: readonly EventRow[]): Compiled {
  let sql = into
  const params: unknown[] = []
  let n = 0
  for (let index = 0; index < rows.length; index++) {
    const r = rows[index] as EventRow
    sql +=
      `${index === 0 ? '(' : ', ('}$${++n}, $${++n}, $${++n}, $${++n}, $${++n}, $${++n}, $${++n}, $${++n}, ` +
      `$${++n}, $${++n})`
    params.push(
      r.type,
      r.source,
      r.session,
      r.user_id,
      r.position,
      r.duration,
      r.score,
      r.active,
      r.referrer,
      r.created_at,
    )
  }
  return { sql, params }
}

const queries: Queries<Compiled> = {
  a: (i) => ({ sql: a, params: [i] }),
  b: (i) => ({ sql: b, params: [true, 'paid', 'shipped', i, 5, 20] }),
  c: (i) => ({ sql: c, params: ['paid', i] }),
  d: () => ({ sql: d, params: valuesOf(oneRow) }),
  e: () => insertMany(thousandRows),
  f: (i) => ({ sql: f, params: ['x', false, moment, i, true] }),
  g: (i) => ({ sql: g, params: ['k', i, 'label', moment] }),
}

/** What copying the parameters of each query takes: the least that a remembered statement has to do. */
function copies(): Record<string, Case> {
  return Object.fromEntries(
    compileCases.map((name) => {
      const { params } = queries[name](1)
      return [`${name}.copy`, { run: () => params.slice() }]
    }),
  )
}

export function open(): Contender {
  const contender = compileContender(
    queries,
    (result) => result,
    (result) => result.sql,
  )
  return { ...contender, cases: { ...contender.cases, ...copies() } }
}
