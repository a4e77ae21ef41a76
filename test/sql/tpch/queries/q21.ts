import { count, cte, exists, not, select } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { lineitem, nation, orders, supplier } from '../schema.js'

const l1 = lineitem.as('l1')
const l2 = lineitem.as('l2')
const l3 = lineitem.as('l3')

const ofOthers = select(l2.orderKey).from(l2).where(l2.orderKey.eq(l1.orderKey), l2.suppKey.ne(l1.suppKey))
const lateOnesOfOthers = select(l3.orderKey)
  .from(l3)
  .where(l3.orderKey.eq(l1.orderKey), l3.suppKey.ne(l1.suppKey), l3.receiptDate.gt(l3.commitDate))

const isLate = lineitem.receiptDate.gt(lineitem.commitDate)
const perOrder = cte(
  'per_order',
  select({
    orderKey: lineitem.orderKey,
    suppliers: count(lineitem.suppKey).distinct(),
    late: count(lineitem.suppKey).distinct().filter(isLate),
  })
    .from(lineitem)
    .groupBy(lineitem.orderKey),
)

export const q21: TpchQuery<{ name: string; waiting: number }> = {
  name: '21, suppliers who kept orders waiting',
  get statement() {
    return select({ name: supplier.name, waiting: count() })
      .from(supplier)
      .join(l1, l1.suppKey.eq(supplier.suppKey))
      .join(orders, orders.orderKey.eq(l1.orderKey))
      .join(nation)
      .where(
        orders.orderStatus.eq('F'),
        l1.receiptDate.gt(l1.commitDate),
        exists(ofOthers),
        not(exists(lateOnesOfOthers)),
        nation.name.eq('SAUDI ARABIA'),
      )
      .groupBy(supplier.name)
      .orderBy((row) => [row.waiting.desc(), row.name])
      .limit(100)
  },
  reworded: select({ name: supplier.name, waiting: count() })
    .from(lineitem)
    .join(orders)
    .join(supplier, supplier.suppKey.eq(lineitem.suppKey))
    .join(nation)
    .join(perOrder, perOrder.orderKey.eq(orders.orderKey))
    .where(
      isLate,
      orders.orderStatus.eq('F'),
      nation.name.eq('SAUDI ARABIA'),
      perOrder.suppliers.gt(1),
      perOrder.late.eq(1),
    )
    .groupBy(supplier.suppKey, supplier.name)
    .orderBy((row) => [row.waiting.desc(), row.name]),
  sql: `
    select s_name, count(*) as numwait
    from supplier, lineitem l1, orders, nation
    where s_suppkey = l1.l_suppkey and o_orderkey = l1.l_orderkey and o_orderstatus = 'F'
      and l1.l_receiptdate > l1.l_commitdate
      and exists (
        select * from lineitem l2 where l2.l_orderkey = l1.l_orderkey and l2.l_suppkey <> l1.l_suppkey)
      and not exists (
        select * from lineitem l3
        where l3.l_orderkey = l1.l_orderkey and l3.l_suppkey <> l1.l_suppkey
          and l3.l_receiptdate > l3.l_commitdate)
      and s_nationkey = n_nationkey and n_name = 'SAUDI ARABIA'
    group by s_name
    order by numwait desc, s_name
    limit 100`,
}
