import { cte, extract, select, sum } from '@espalier/core'
import { revenue, type TpchQuery } from '../query.js'
import { lineitem, nation, orders, part, partsupp, supplier } from '../schema.js'

const profits = select({
  nation: nation.name,
  year: extract('year', orders.orderDate),
  amount: revenue.sub(partsupp.supplyCost.mul(lineitem.quantity)),
})
  .from(lineitem)
  .join(orders)
  .join(partsupp)
  .join(part)
  .join(supplier)
  .join(nation)
  .where(part.name.like('%green%'))
  .as('profits')

const green = cte('green', select(part.partKey).from(part).where(part.name.contains('green')))

export const q09: TpchQuery<{ nation: string; year: number; profit: string | null }> = {
  name: '9, product type profit measure',
  get statement() {
    return select({ nation: profits.nation, year: profits.year, profit: sum(profits.amount) })
      .from(profits)
      .groupBy((row) => [row.nation, row.year])
      .orderBy((row) => [row.nation, row.year.desc()])
  },
  reworded: select({
    nation: nation.name,
    year: extract('year', orders.orderDate),
    profit: sum(revenue).sub(sum(partsupp.supplyCost.mul(lineitem.quantity))),
  })
    .from(green)
    .join(partsupp, partsupp.partKey.eq(green.value))
    .join(supplier)
    .join(nation)
    .join(lineitem, lineitem.partKey.eq(partsupp.partKey).and(lineitem.suppKey.eq(partsupp.suppKey)))
    .join(orders)
    .groupBy((row) => [row.nation, row.year])
    .orderBy((row) => [row.nation, row.year.desc()]),
  sql: `
    select nation, o_year, sum(amount)
    from (
      select n_name as nation, extract(year from o_orderdate) as o_year,
        l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity as amount
      from part, supplier, lineitem, partsupp, orders, nation
      where s_suppkey = l_suppkey and ps_suppkey = l_suppkey and ps_partkey = l_partkey
        and p_partkey = l_partkey and o_orderkey = l_orderkey and s_nationkey = n_nationkey
        and p_name like '%green%') as profit
    group by nation, o_year
    order by nation, o_year desc`,
  sqlite: `
    select nation, o_year, sum(amount)
    from (
      select n_name as nation, cast(substr(o_orderdate, 1, 4) as integer) as o_year,
        l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity as amount
      from part, supplier, lineitem, partsupp, orders, nation
      where s_suppkey = l_suppkey and ps_suppkey = l_suppkey and ps_partkey = l_partkey
        and p_partkey = l_partkey and o_orderkey = l_orderkey and s_nationkey = n_nationkey
        and p_name like '%green%') as profit
    group by nation, o_year
    order by nation, o_year desc`,
}
