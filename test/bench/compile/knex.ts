import knexModule, { type Knex } from 'knex'
import { compileContender, type Queries } from './cases.js'
import { moment, oneRow, thousandRows } from './rows.js'

const db = knexModule.knex({ client: 'pg' })

const queries: Queries<Knex.SqlNative> = {
  a: (i) => db('users').select('id', 'name').where('id', i).toSQL().toNative(),
  b: (i) =>
    db('users')
      .innerJoin('orders', 'orders.user_id', 'users.id')
      .innerJoin('order_items', 'order_items.order_id', 'orders.id')
      .innerJoin('products', 'products.id', 'order_items.product_id')
      .innerJoin('categories', 'categories.id', 'products.category_id')
      .select('categories.name as category', 'users.country as country')
      .count('orders.id as order_count')
      .sum('order_items.quantity as qty')
      .where('users.active', true)
      .where((or) => or.where('orders.status', 'paid').orWhere('orders.status', 'shipped'))
      .where('orders.total', '>', i)
      .groupBy('categories.name', 'users.country')
      .having(db.raw('count(??)', ['orders.id']), '>', 5)
      .orderBy('qty', 'desc')
      .orderBy('categories.name', 'asc')
      .limit(20)
      .toSQL()
      .toNative(),
  c: (i) =>
    db
      .with('recent', (cte) =>
        cte
          .from('orders')
          .select('orders.user_id', 'orders.total')
          .rowNumber('rn', (over) => over.partitionBy('orders.user_id').orderBy('orders.created_at', 'desc'))
          .where('orders.status', 'paid'),
      )
      .from('recent')
      .innerJoin('users', 'users.id', 'recent.user_id')
      .select(
        'users.id',
        'users.name',
        'recent.total',
        db('order_items')
          .innerJoin('orders', 'orders.id', 'order_items.order_id')
          .count('* as n')
          .whereRaw('?? = ??', ['orders.user_id', 'users.id'])
          .as('items'),
      )
      .where('recent.rn', '<=', i)
      .toSQL()
      .toNative(),
  d: () => db('events').insert(oneRow).returning('id').toSQL().toNative(),
  e: () => db('events').insert(thousandRows).toSQL().toNative(),
  f: (i) =>
    db('users')
      .update({ name: 'x', active: false, updated_at: moment })
      .where('id', i)
      .where('active', true)
      .toSQL()
      .toNative(),
  g: (i) =>
    db('counters')
      .insert({ key: 'k', n: i, label: 'label', updated_at: moment })
      .onConflict('key')
      .merge(['n', 'label', 'updated_at'])
      .toSQL()
      .toNative(),
}

export const open = () =>
  compileContender(
    queries,
    (q) => ({ sql: q.sql, params: q.bindings }),
    (q) => q.sql,
  )
