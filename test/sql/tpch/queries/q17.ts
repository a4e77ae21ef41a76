import { avg, select, sum } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { lineitem, part } from '../schema.js'

const fewOfPart = select(avg(lineitem.quantity).mul(0.2))
  .from(lineitem)
  .where(lineitem.partKey.eq(part.partKey))
  .scalar()

export const q17: TpchQuery<{ avgYearly: string | null }> = {
  name: '17, small-quantity-order revenue',
  statement: select({ avgYearly: sum(lineitem.extendedPrice).div('7.0') })
    .from(lineitem)
    .join(part, part.partKey.eq(lineitem.partKey))
    .where(part.brand.eq('Brand#23'), part.container.eq('MED BOX'), lineitem.quantity.lt(fewOfPart)),
  sql: `
    select sum(l_extendedprice) / 7.0
    from lineitem, part
    where p_partkey = l_partkey and p_brand = 'Brand#23' and p_container = 'MED BOX'
      and l_quantity < (select 0.2 * avg(l_quantity) from lineitem where l_partkey = p_partkey)`,
}
