import { coalesce, count, cte, select } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { customer, orders } from '../schema.js'

const perCustomer = select({ custKey: customer.custKey, orders: count(orders.orderKey) })
  .from(customer)
  .leftJoin(orders, orders.custKey.eq(customer.custKey).and(orders.comment.like('%special%requests%').not()))
  .groupBy(customer.custKey)
  .as('per_customer')

const ownOrders = select(count())
  .from(orders)
  .where(orders.custKey.eq(customer.custKey), orders.comment.like('%special%requests%').not())
const counted = cte('counted', select({ orders: coalesce(ownOrders.scalar(), 0) }).from(customer))

export const q13: TpchQuery<{ orders: number; customers: number }> = {
  name: '13, customer distribution',
  get statement() {
    return select({ orders: perCustomer.orders, customers: count() })
      .from(perCustomer)
      .groupBy(perCustomer.orders)
      .orderBy((row) => [row.customers.desc(), row.orders.desc()])
  },
  reworded: select({ orders: counted.orders, customers: count() })
    .from(counted)
    .groupBy((row) => row.orders)
    .orderBy((row) => [row.customers.desc(), row.orders.desc()]),
  sql: `
    select c_count, count(*) as custdist
    from (
      select c_custkey, count(o_orderkey) as c_count
      from customer left outer join orders
        on c_custkey = o_custkey and o_comment not like '%special%requests%'
      group by c_custkey) as c_orders
    group by c_count
    order by custdist desc, c_count desc`,
}
