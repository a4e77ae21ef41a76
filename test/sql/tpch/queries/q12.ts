import { caseWhen, count, or, select, sum } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { lineitem, orders } from '../schema.js'

const isUrgent = orders.orderPriority.in(['1-URGENT', '2-HIGH'])

export const q12: TpchQuery<{ shipMode: string; highLineCount: number | null; lowLineCount: number | null }> =
  {
    name: '12, shipping modes and order priority',
    get statement() {
      return select({
        shipMode: lineitem.shipMode,
        highLineCount: sum(caseWhen(isUrgent, 1).else(0)),
        lowLineCount: sum(caseWhen(isUrgent.not(), 1).else(0)),
      })
        .from(orders)
        .join(lineitem)
        .where(
          lineitem.shipMode.in(['MAIL', 'SHIP']),
          lineitem.commitDate.lt(lineitem.receiptDate),
          lineitem.shipDate.lt(lineitem.commitDate),
          lineitem.receiptDate.gte('1994-01-01'),
          lineitem.receiptDate.lt('1995-01-01'),
        )
        .groupBy(lineitem.shipMode)
        .orderBy(lineitem.shipMode)
    },
    reworded: select({
      shipMode: lineitem.shipMode,
      highLineCount: count().filter(isUrgent),
      lowLineCount: count().filter(isUrgent.not()),
    })
      .from(lineitem)
      .join(orders)
      .where(
        or(lineitem.shipMode.eq('MAIL'), lineitem.shipMode.eq('SHIP')),
        lineitem.shipDate.lt(lineitem.commitDate).and(lineitem.commitDate.lt(lineitem.receiptDate)),
        lineitem.receiptDate.between('1994-01-01', '1994-12-31'),
      )
      .groupBy(lineitem.shipMode)
      .orderBy(lineitem.shipMode),
    sql: `
    select l_shipmode,
      sum(case when o_orderpriority = '1-URGENT' or o_orderpriority = '2-HIGH' then 1 else 0 end),
      sum(case when o_orderpriority <> '1-URGENT' and o_orderpriority <> '2-HIGH' then 1 else 0 end)
    from orders, lineitem
    where o_orderkey = l_orderkey and l_shipmode in ('MAIL', 'SHIP') and l_commitdate < l_receiptdate
      and l_shipdate < l_commitdate and l_receiptdate >= '1994-01-01' and l_receiptdate < '1995-01-01'
    group by l_shipmode
    order by l_shipmode`,
  }
