import { select, sum } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { customer, lineitem, orders } from '../schema.js'

interface LargeOrder {
  customer: string
  custKey: number
  orderKey: number
  orderDate: string
  totalPrice: string
  quantity: string | null
}

const large = select(lineitem.orderKey)
  .from(lineitem)
  .groupBy(lineitem.orderKey)
  .having(sum(lineitem.quantity).gt('220'))

const perOrder = select({ orderKey: lineitem.orderKey, quantity: sum(lineitem.quantity) })
  .from(lineitem)
  .groupBy(lineitem.orderKey)
  .as('per_order')

export const q18: TpchQuery<LargeOrder> = {
  name: '18, large volume customer',
  get statement() {
    return select({
      customer: customer.name,
      custKey: customer.custKey,
      orderKey: orders.orderKey,
      orderDate: orders.orderDate,
      totalPrice: orders.totalPrice,
      quantity: sum(lineitem.quantity),
    })
      .from(customer)
      .join(orders)
      .join(lineitem)
      .where(orders.orderKey.in(large))
      .groupBy(customer.name, customer.custKey, orders.orderKey, orders.orderDate, orders.totalPrice)
      .orderBy(orders.totalPrice.desc(), orders.orderDate, orders.orderKey)
      .limit(100)
  },
  reworded: select({
    customer: customer.name,
    custKey: customer.custKey,
    orderKey: orders.orderKey,
    orderDate: orders.orderDate,
    totalPrice: orders.totalPrice,
    quantity: perOrder.quantity,
  })
    .from(perOrder)
    .join(orders, orders.orderKey.eq(perOrder.orderKey))
    .join(customer)
    .where(perOrder.quantity.gt('220'))
    .orderBy((row) => [row.totalPrice.desc(), row.orderDate, row.orderKey])
    .limit(100)
    .offset(0),
  sql: `
    select c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity)
    from customer, orders, lineitem
    where o_orderkey in (
        select l_orderkey from lineitem group by l_orderkey having sum(l_quantity) > 220)
      and c_custkey = o_custkey and o_orderkey = l_orderkey
    group by c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice
    order by o_totalprice desc, o_orderdate, o_orderkey
    limit 100`,
}
