import { caseWhen, literal, numeric, select, sum } from '@espalier/core'
import { revenue, type TpchQuery } from '../query.js'
import { lineitem, part } from '../schema.js'

const promoted = sum(caseWhen(part.type.like('PROMO%'), revenue).else('0'))

export const q14: TpchQuery<{ promoRevenue: string | null }> = {
  name: '14, promotion effect',
  get statement() {
    return select({ promoRevenue: literal('100', numeric()).mul(promoted).div(sum(revenue)) })
      .from(lineitem)
      .join(part, part.partKey.eq(lineitem.partKey))
      .where(lineitem.shipDate.gte('1995-09-01'), lineitem.shipDate.lt('1995-10-01'))
  },
  reworded: select({
    promoRevenue: sum(revenue).filter(part.type.startsWith('PROMO')).mul('100').div(sum(revenue)),
  })
    .from(part)
    .join(lineitem, lineitem.partKey.eq(part.partKey))
    .where(lineitem.shipDate.between('1995-09-01', '1995-09-30')),
  sql: `
    select 100.00 * sum(case when p_type like 'PROMO%' then l_extendedprice * (1 - l_discount) else 0 end)
      / sum(l_extendedprice * (1 - l_discount))
    from lineitem, part
    where l_partkey = p_partkey and l_shipdate >= '1995-09-01' and l_shipdate < '1995-10-01'`,
}
