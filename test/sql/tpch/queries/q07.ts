import { extract, or, select, sum } from '@espalier/core'
import { revenue, type TpchQuery } from '../query.js'
import { customer, lineitem, nation, orders, supplier } from '../schema.js'

interface VolumeShipping {
  supplierNation: string
  customerNation: string
  year: number
  revenue: string | null
}

const n1 = nation.as('n1')
const n2 = nation.as('n2')

const shipping = select({
  supplierNation: n1.name,
  customerNation: n2.name,
  year: extract('year', lineitem.shipDate),
  volume: revenue,
})
  .from(supplier)
  .join(lineitem, lineitem.suppKey.eq(supplier.suppKey))
  .join(orders)
  .join(customer)
  .join(n1, n1.nationKey.eq(supplier.nationKey))
  .join(n2, n2.nationKey.eq(customer.nationKey))
  .where(
    or(n1.name.eq('FRANCE').and(n2.name.eq('GERMANY')), n1.name.eq('GERMANY').and(n2.name.eq('FRANCE'))),
    lineitem.shipDate.between('1995-01-01', '1996-12-31'),
  )
  .as('shipping')

const oneWay = (from: string, to: string) =>
  select({
    supplierNation: n1.name,
    customerNation: n2.name,
    year: extract('year', lineitem.shipDate),
    revenue: sum(revenue),
  })
    .from(n1)
    .join(supplier, supplier.nationKey.eq(n1.nationKey))
    .join(lineitem, lineitem.suppKey.eq(supplier.suppKey))
    .join(orders)
    .join(customer, customer.custKey.eq(orders.custKey))
    .join(n2, n2.nationKey.eq(customer.nationKey))
    .where(n1.name.eq(from), n2.name.eq(to), lineitem.shipDate.between('1995-01-01', '1996-12-31'))
    .groupBy((row) => [row.supplierNation, row.customerNation, row.year])

export const q07: TpchQuery<VolumeShipping> = {
  name: '7, volume shipping',
  get statement() {
    return select({
      supplierNation: shipping.supplierNation,
      customerNation: shipping.customerNation,
      year: shipping.year,
      revenue: sum(shipping.volume),
    })
      .from(shipping)
      .groupBy(shipping.supplierNation, shipping.customerNation, shipping.year)
      .orderBy(shipping.supplierNation, shipping.customerNation, shipping.year)
  },
  reworded: oneWay('FRANCE', 'GERMANY')
    .unionAll(oneWay('GERMANY', 'FRANCE'))
    .orderBy((row) => [row.supplierNation, row.customerNation, row.year]),
  sql: `
    select supp_nation, cust_nation, l_year, sum(volume)
    from (
      select n1.n_name as supp_nation, n2.n_name as cust_nation, extract(year from l_shipdate) as l_year,
        l_extendedprice * (1 - l_discount) as volume
      from supplier, lineitem, orders, customer, nation n1, nation n2
      where s_suppkey = l_suppkey and o_orderkey = l_orderkey and c_custkey = o_custkey
        and s_nationkey = n1.n_nationkey and c_nationkey = n2.n_nationkey
        and (n1.n_name = 'FRANCE' and n2.n_name = 'GERMANY' or n1.n_name = 'GERMANY' and n2.n_name = 'FRANCE')
        and l_shipdate between date '1995-01-01' and date '1996-12-31') as shipping
    group by supp_nation, cust_nation, l_year
    order by supp_nation, cust_nation, l_year`,
  sqlite: `
    select supp_nation, cust_nation, l_year, sum(volume)
    from (
      select n1.n_name as supp_nation, n2.n_name as cust_nation,
        cast(substr(l_shipdate, 1, 4) as integer) as l_year, l_extendedprice * (1 - l_discount) as volume
      from supplier, lineitem, orders, customer, nation n1, nation n2
      where s_suppkey = l_suppkey and o_orderkey = l_orderkey and c_custkey = o_custkey
        and s_nationkey = n1.n_nationkey and c_nationkey = n2.n_nationkey
        and (n1.n_name = 'FRANCE' and n2.n_name = 'GERMANY' or n1.n_name = 'GERMANY' and n2.n_name = 'FRANCE')
        and l_shipdate between '1995-01-01' and '1996-12-31') as shipping
    group by supp_nation, cust_nation, l_year
    order by supp_nation, cust_nation, l_year`,
}
