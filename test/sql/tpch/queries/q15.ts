import { cte, max, rank, select, sum } from '@espalier/core'
import { revenue, type TpchQuery } from '../query.js'
import { lineitem, supplier } from '../schema.js'

interface TopSupplier {
  suppKey: number
  name: string
  address: string
  phone: string
  revenue: string | null
}

const perSupplier = cte(
  'per_supplier',
  select({ suppKey: lineitem.suppKey, revenue: sum(revenue) })
    .from(lineitem)
    .where(lineitem.shipDate.gte('1996-01-01'), lineitem.shipDate.lt('1996-04-01'))
    .groupBy(lineitem.suppKey),
)

const ranked = select({
  suppKey: lineitem.suppKey,
  revenue: sum(revenue),
  place: rank().over({ orderBy: sum(revenue).desc() }),
})
  .from(lineitem)
  .where(lineitem.shipDate.gte('1996-01-01'), lineitem.shipDate.lt('1996-04-01'))
  .groupBy(lineitem.suppKey)
  .as('ranked')

export const q15: TpchQuery<TopSupplier> = {
  name: '15, top supplier',
  get statement() {
    return select({
      suppKey: supplier.suppKey,
      name: supplier.name,
      address: supplier.address,
      phone: supplier.phone,
      revenue: perSupplier.revenue,
    })
      .from(supplier)
      .join(perSupplier, perSupplier.suppKey.eq(supplier.suppKey))
      .where(perSupplier.revenue.eq(select(max(perSupplier.revenue)).from(perSupplier).scalar()))
      .orderBy(supplier.suppKey)
  },
  reworded: select({
    suppKey: supplier.suppKey,
    name: supplier.name,
    address: supplier.address,
    phone: supplier.phone,
    revenue: ranked.revenue,
  })
    .from(ranked)
    .join(supplier, supplier.suppKey.eq(ranked.suppKey))
    .where(ranked.place.eq(1))
    .orderBy(supplier.suppKey),
  sql: `
    with revenue (supplier_no, total_revenue) as (
      select l_suppkey, sum(l_extendedprice * (1 - l_discount))
      from lineitem
      where l_shipdate >= '1996-01-01' and l_shipdate < '1996-04-01'
      group by l_suppkey)
    select s_suppkey, s_name, s_address, s_phone, total_revenue
    from supplier, revenue
    where s_suppkey = supplier_no and total_revenue = (select max(total_revenue) from revenue)
    order by s_suppkey`,
}
