import {
  type CompiledQuery,
  DummyDriver,
  type Generated,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import { compileContender, type Queries } from './cases.js'
import { moment, oneRow, thousandRows } from './rows.js'

interface Database {
  users: { id: number; name: string; email: string; country: string; active: boolean; updated_at: Date }
  orders: { id: number; user_id: number; status: string; total: number; created_at: Date }
  order_items: { id: number; order_id: number; product_id: number; quantity: number }
  products: { id: number; category_id: number; name: string }
  categories: { id: number; name: string }
  events: {
    id: Generated<number>
    type: string
    source: string
    session: string
    user_id: number
    position: number
    duration: number
    score: number
    active: boolean
    referrer: string | null
    created_at: Date
  }
  counters: { key: string; n: number; label: string; updated_at: Date }
}

const db = new Kysely<Database>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

const queries: Queries<CompiledQuery> = {
  a: (i) => db.selectFrom('users').select(['id', 'name']).where('id', '=', i).compile(),
  b: (i) =>
    db
      .selectFrom('users')
      .innerJoin('orders', 'orders.user_id', 'users.id')
      .innerJoin('order_items', 'order_items.order_id', 'orders.id')
      .innerJoin('products', 'products.id', 'order_items.product_id')
      .innerJoin('categories', 'categories.id', 'products.category_id')
      .select((eb) => [
        'categories.name as category',
        'users.country as country',
        eb.fn.count('orders.id').as('order_count'),
        eb.fn.sum('order_items.quantity').as('qty'),
      ])
      .where('users.active', '=', true)
      .where((eb) => eb.or([eb('orders.status', '=', 'paid'), eb('orders.status', '=', 'shipped')]))
      .where('orders.total', '>', i)
      .groupBy(['categories.name', 'users.country'])
      .having((eb) => eb(eb.fn.count('orders.id'), '>', 5))
      .orderBy('qty', 'desc')
      .orderBy('categories.name', 'asc')
      .limit(20)
      .compile(),
  c: (i) =>
    db
      .with('recent', (cte) =>
        cte
          .selectFrom('orders')
          .select((eb) => [
            'orders.user_id',
            'orders.total',
            eb.fn
              .agg<number>('row_number')
              .over((over) => over.partitionBy('orders.user_id').orderBy('orders.created_at', 'desc'))
              .as('rn'),
          ])
          .where('orders.status', '=', 'paid'),
      )
      .selectFrom('recent')
      .innerJoin('users', 'users.id', 'recent.user_id')
      .select((eb) => [
        'users.id',
        'users.name',
        'recent.total',
        eb
          .selectFrom('order_items')
          .innerJoin('orders', 'orders.id', 'order_items.order_id')
          .select(eb.fn.countAll().as('n'))
          .whereRef('orders.user_id', '=', 'users.id')
          .as('items'),
      ])
      .where('recent.rn', '<=', i)
      .compile(),
  d: () => db.insertInto('events').values(oneRow).returning('id').compile(),
  e: () => db.insertInto('events').values(thousandRows).compile(),
  f: (i) =>
    db
      .updateTable('users')
      .set({ name: 'x', active: false, updated_at: moment })
      .where('id', '=', i)
      .where('active', '=', true)
      .compile(),
  g: (i) =>
    db
      .insertInto('counters')
      .values({ key: 'k', n: i, label: 'label', updated_at: moment })
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet((eb) => ({
          n: eb.ref('excluded.n'),
          label: eb.ref('excluded.label'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .compile(),
}

export const open = () =>
  compileContender(
    queries,
    (q) => ({ sql: q.sql, params: q.parameters }),
    (q) => q.sql,
  )
