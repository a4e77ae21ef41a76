import { caseWhen, coalesce, extract, select, sum } from '@espalier/core'
import { revenue, type TpchQuery } from '../query.js'
import { customer, lineitem, nation, orders, part, region, supplier } from '../schema.js'

const n1 = nation.as('n1')
const n2 = nation.as('n2')

const allNations = select({
  year: extract('year', orders.orderDate),
  volume: revenue,
  nation: n2.name,
})
  .from(part)
  .join(lineitem, lineitem.partKey.eq(part.partKey))
  .join(supplier, supplier.suppKey.eq(lineitem.suppKey))
  .join(orders)
  .join(customer)
  .join(n1, n1.nationKey.eq(customer.nationKey))
  .join(region)
  .join(n2, n2.nationKey.eq(supplier.nationKey))
  .where(
    region.name.eq('AMERICA'),
    orders.orderDate.between('1995-01-01', '1996-12-31'),
    part.type.like('ECONOMY ANODIZED%'),
  )
  .as('all_nations')

const ofBrazil = caseWhen(allNations.nation.eq('BRAZIL'), allNations.volume).else('0')

export const q08: TpchQuery<{ year: number; share: string | null }> = {
  name: '8, national market share',
  get statement() {
    return select({ year: allNations.year, share: sum(ofBrazil).div(sum(allNations.volume)) })
      .from(allNations)
      .groupBy(allNations.year)
      .orderBy(allNations.year)
  },
  reworded: select({
    year: allNations.year,
    share: coalesce(sum(allNations.volume).filter(allNations.nation.eq('BRAZIL')), '0').div(
      sum(allNations.volume),
    ),
  })
    .from(allNations)
    .groupBy((row) => row.year)
    .orderBy((row) => row.year),
  sql: `
    select o_year, sum(case when nation = 'BRAZIL' then volume else 0 end) / sum(volume)
    from (
      select extract(year from o_orderdate) as o_year, l_extendedprice * (1 - l_discount) as volume,
        n2.n_name as nation
      from part, supplier, lineitem, orders, customer, nation n1, nation n2, region
      where p_partkey = l_partkey and s_suppkey = l_suppkey and l_orderkey = o_orderkey
        and o_custkey = c_custkey and c_nationkey = n1.n_nationkey and n1.n_regionkey = r_regionkey
        and r_name = 'AMERICA' and s_nationkey = n2.n_nationkey
        and o_orderdate between date '1995-01-01' and date '1996-12-31'
        and p_type like 'ECONOMY ANODIZED%') as all_nations
    group by o_year
    order by o_year`,
  sqlite: `
    select o_year, sum(case when nation = 'BRAZIL' then volume else 0 end) * 1.0 / sum(volume)
    from (
      select cast(substr(o_orderdate, 1, 4) as integer) as o_year, l_extendedprice * (1 - l_discount) as volume,
        n2.n_name as nation
      from part, supplier, lineitem, orders, customer, nation n1, nation n2, region
      where p_partkey = l_partkey and s_suppkey = l_suppkey and l_orderkey = o_orderkey
        and o_custkey = c_custkey and c_nationkey = n1.n_nationkey and n1.n_regionkey = r_regionkey
        and r_name = 'AMERICA' and s_nationkey = n2.n_nationkey
        and o_orderdate between '1995-01-01' and '1996-12-31'
        and p_type like 'ECONOMY ANODIZED%') as all_nations
    group by o_year
    order by o_year`,
}
