import { and, or, select, sum } from '@espalier/core'
import { revenue, type TpchQuery } from '../query.js'
import { lineitem, part } from '../schema.js'

const parcel = (brand: string, containers: readonly string[], least: number, largest: number) =>
  and(
    part.brand.eq(brand),
    part.container.in(containers),
    lineitem.quantity.between(String(least), String(least + 10)),
    part.size.between(1, largest),
  )

const sales = (wanted: ReturnType<typeof parcel>) =>
  select({ revenue })
    .from(part)
    .join(lineitem, lineitem.partKey.eq(part.partKey))
    .where(
      wanted,
      lineitem.shipMode.eq('AIR').or(lineitem.shipMode.eq('RAIL')),
      lineitem.shipInstruct.eq('DELIVER IN PERSON'),
    )
const allSales = sales(parcel('Brand#12', ['SM CASE', 'SM BOX', 'SM PKG'], 1, 5))
  .unionAll(sales(parcel('Brand#23', ['MED BAG', 'MED BOX'], 10, 7)))
  .unionAll(sales(parcel('Brand#34', ['LG CASE', 'LG BOX', 'LG PKG'], 20, 10)))
  .as('all_sales')

export const q19: TpchQuery<{ revenue: string | null }> = {
  name: '19, discounted revenue',
  get statement() {
    return select({ revenue: sum(revenue) })
      .from(lineitem)
      .join(part, part.partKey.eq(lineitem.partKey))
      .where(
        lineitem.shipMode.in(['AIR', 'RAIL']),
        lineitem.shipInstruct.eq('DELIVER IN PERSON'),
        or(
          parcel('Brand#12', ['SM CASE', 'SM BOX', 'SM PKG'], 1, 5),
          parcel('Brand#23', ['MED BAG', 'MED BOX'], 10, 7),
          parcel('Brand#34', ['LG CASE', 'LG BOX', 'LG PKG'], 20, 10),
        ),
      )
  },
  reworded: select({ revenue: sum(allSales.revenue) }).from(allSales),
  sql: `
    select sum(l_extendedprice * (1 - l_discount))
    from lineitem, part
    where p_partkey = l_partkey and l_shipmode in ('AIR', 'RAIL') and l_shipinstruct = 'DELIVER IN PERSON'
      and (p_brand = 'Brand#12' and p_container in ('SM CASE', 'SM BOX', 'SM PKG')
          and l_quantity >= 1 and l_quantity <= 11 and p_size between 1 and 5
        or p_brand = 'Brand#23' and p_container in ('MED BAG', 'MED BOX')
          and l_quantity >= 10 and l_quantity <= 20 and p_size between 1 and 7
        or p_brand = 'Brand#34' and p_container in ('LG CASE', 'LG BOX', 'LG PKG')
          and l_quantity >= 20 and l_quantity <= 30 and p_size between 1 and 10)`,
}
