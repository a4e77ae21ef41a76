import { count, exists, extract, select } from '@espalier/core'
import { after, type TpchQuery } from '../query.js'
import { lineitem, orders } from '../schema.js'

const late = select(lineitem.orderKey)
  .from(lineitem)
  .where(lineitem.orderKey.eq(orders.orderKey), lineitem.commitDate.lt(lineitem.receiptDate))

export const q04: TpchQuery<{ orderPriority: string; orderCount: number }> = {
  name: '4, order priority checking',
  get statement() {
    return select({ orderPriority: orders.orderPriority, orderCount: count() })
      .from(orders)
      .where(
        orders.orderDate.gte('1993-07-01'),
        orders.orderDate.lt(after('1993-07-01', { months: 3 })),
        exists(late),
      )
      .groupBy(orders.orderPriority)
      .orderBy(orders.orderPriority)
  },
  reworded: select({ orderPriority: orders.orderPriority, orderCount: count(orders.orderKey).distinct() })
    .from(orders)
    .join(lineitem)
    .where(
      extract('year', orders.orderDate).eq(1993),
      extract('quarter', orders.orderDate).eq(3),
      lineitem.commitDate.lt(lineitem.receiptDate),
    )
    .groupBy(orders.orderPriority)
    .orderBy(orders.orderPriority),
  sql: `
    select o_orderpriority, count(*)
    from orders
    where o_orderdate >= date '1993-07-01' and o_orderdate < date '1993-07-01' + interval '3' month
      and exists (select * from lineitem where l_orderkey = o_orderkey and l_commitdate < l_receiptdate)
    group by o_orderpriority
    order by o_orderpriority`,
  sqlite: `
    select o_orderpriority, count(*)
    from orders
    where o_orderdate >= '1993-07-01' and o_orderdate < date('1993-07-01', '+3 months')
      and exists (select * from lineitem where l_orderkey = o_orderkey and l_commitdate < l_receiptdate)
    group by o_orderpriority
    order by o_orderpriority`,
}
