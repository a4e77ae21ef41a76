import { select, sum } from '@espalier/core'
import { revenue, type TpchQuery } from '../query.js'
import { customer, lineitem, orders } from '../schema.js'

interface ShippingPriority {
  orderKey: number
  revenue: string | null
  orderDate: string
  shipPriority: number
}

const unshipped = select({ orderKey: lineitem.orderKey, revenue: sum(revenue) })
  .from(lineitem)
  .where(lineitem.shipDate.gt('1995-03-15'))
  .groupBy(lineitem.orderKey)
  .as('unshipped')
const builders = select(customer.custKey).from(customer).where(customer.mktSegment.eq('BUILDING'))

export const q03: TpchQuery<ShippingPriority> = {
  name: '3, shipping priority',
  get statement() {
    return select({
      orderKey: lineitem.orderKey,
      revenue: sum(revenue),
      orderDate: orders.orderDate,
      shipPriority: orders.shipPriority,
    })
      .from(customer)
      .join(orders)
      .join(lineitem)
      .where(
        customer.mktSegment.eq('BUILDING'),
        orders.orderDate.lt('1995-03-15'),
        lineitem.shipDate.gt('1995-03-15'),
      )
      .groupBy(lineitem.orderKey, orders.orderDate, orders.shipPriority)
      .orderBy((row) => [row.revenue.desc(), row.orderDate])
      .limit(10)
  },
  reworded: select({
    orderKey: orders.orderKey,
    revenue: unshipped.revenue,
    orderDate: orders.orderDate,
    shipPriority: orders.shipPriority,
  })
    .from(orders)
    .join(unshipped, unshipped.orderKey.eq(orders.orderKey))
    .where(orders.orderDate.lt('1995-03-15'), orders.custKey.in(builders))
    .orderBy(unshipped.revenue.desc(), orders.orderDate)
    .limit(10),
  sql: `
    select l_orderkey, sum(l_extendedprice * (1 - l_discount)) as revenue, o_orderdate, o_shippriority
    from customer, orders, lineitem
    where c_mktsegment = 'BUILDING' and c_custkey = o_custkey and l_orderkey = o_orderkey
      and o_orderdate < '1995-03-15' and l_shipdate > '1995-03-15'
    group by l_orderkey, o_orderdate, o_shippriority
    order by revenue desc, o_orderdate
    limit 10`,
}
