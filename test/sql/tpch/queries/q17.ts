import { avg, select, sum } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { lineitem, part } from '../schema.js'

const fewOfPart = select(avg(lineitem.quantity).mul(0.2))
  .from(lineitem)
  .where(lineitem.partKey.eq(part.partKey))
  .scalar()

const compared = select({
  partKey: lineitem.partKey,
  quantity: lineitem.quantity,
  price: lineitem.extendedPrice,
  mean: avg(lineitem.quantity).over({ partitionBy: lineitem.partKey }),
})
  .from(lineitem)
  .as('compared')

export const q17: TpchQuery<{ avgYearly: string | null }> = {
  name: '17, small-quantity-order revenue',
  get statement() {
    return select({ avgYearly: sum(lineitem.extendedPrice).div('7.0') })
      .from(lineitem)
      .join(part, part.partKey.eq(lineitem.partKey))
      .where(part.brand.eq('Brand#23'), part.container.eq('MED BOX'), lineitem.quantity.lt(fewOfPart))
  },
  reworded: select({ avgYearly: sum(compared.price).div('7') })
    .from(compared)
    .join(part, part.partKey.eq(compared.partKey))
    .where(
      part.brand.concat(part.container).eq('Brand#23MED BOX'),
      compared.quantity.lt(compared.mean.mul(0.2)),
    ),
  sql: `
    select sum(l_extendedprice) / 7.0
    from lineitem, part
    where p_partkey = l_partkey and p_brand = 'Brand#23' and p_container = 'MED BOX'
      and l_quantity < (select 0.2 * avg(l_quantity) from lineitem where l_partkey = p_partkey)`,
}
