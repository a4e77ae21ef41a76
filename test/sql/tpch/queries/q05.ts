import { exists, select, sum } from '@espalier/core'
import { revenue, type TpchQuery } from '../query.js'
import { customer, lineitem, nation, orders, region, supplier } from '../schema.js'

const isInAsia = exists(
  select(region).from(region).where(region.regionKey.eq(nation.regionKey), region.name.eq('ASIA')),
)

export const q05: TpchQuery<{ nation: string; revenue: string | null }> = {
  name: '5, local supplier volume',
  get statement() {
    return select({ nation: nation.name, revenue: sum(revenue) })
      .from(customer)
      .join(orders)
      .join(lineitem)
      .join(supplier, supplier.suppKey.eq(lineitem.suppKey).and(supplier.nationKey.eq(customer.nationKey)))
      .join(nation, nation.nationKey.eq(supplier.nationKey))
      .join(region)
      .where(region.name.eq('ASIA'), orders.orderDate.gte('1994-01-01'), orders.orderDate.lt('1996-01-01'))
      .groupBy(nation.name)
      .orderBy((row) => row.revenue.desc())
  },
  reworded: select({ nation: nation.name, revenue: sum(revenue) })
    .from(nation)
    .join(customer)
    .join(orders)
    .join(lineitem)
    .crossJoin(supplier)
    .where(
      isInAsia,
      supplier.nationKey.eq(nation.nationKey),
      supplier.suppKey.eq(lineitem.suppKey),
      orders.orderDate.between('1994-01-01', '1995-12-31'),
    )
    .groupBy((row) => row.nation)
    .orderBy((row) => row.revenue.desc()),
  sql: `
    select n_name, sum(l_extendedprice * (1 - l_discount)) as revenue
    from customer, orders, lineitem, supplier, nation, region
    where c_custkey = o_custkey and l_orderkey = o_orderkey and l_suppkey = s_suppkey
      and c_nationkey = s_nationkey and s_nationkey = n_nationkey and n_regionkey = r_regionkey
      and r_name = 'ASIA' and o_orderdate >= '1994-01-01' and o_orderdate < '1996-01-01'
    group by n_name
    order by revenue desc`,
}
