import { extract, not, select, sum } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { lineitem } from '../schema.js'

export const q06: TpchQuery<{ revenue: string | null }> = {
  name: '6, forecasting revenue change',
  get statement() {
    return select({ revenue: sum(lineitem.extendedPrice.mul(lineitem.discount)) })
      .from(lineitem)
      .where(
        lineitem.shipDate.gte('1994-01-01'),
        lineitem.shipDate.lt('1995-01-01'),
        lineitem.discount.between('0.05', '0.07'),
        lineitem.quantity.lt('24'),
      )
  },
  reworded: select({
    revenue: sum(lineitem.extendedPrice.mul(lineitem.discount)).filter(
      extract('year', lineitem.shipDate).eq(1994),
      lineitem.discount.in(['0.05', '0.06', '0.07']),
      not(lineitem.quantity.gte('24')),
    ),
  }).from(lineitem),
  sql: `
    select sum(l_extendedprice * l_discount)
    from lineitem
    where l_shipdate >= '1994-01-01' and l_shipdate < '1995-01-01' and l_discount between 0.05 and 0.07
      and l_quantity < 24`,
}
