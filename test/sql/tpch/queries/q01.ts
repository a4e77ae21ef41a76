import { avg, count, select, sum, window } from '@espalier/core'
import { after, one, revenue, type TpchQuery } from '../query.js'
import { lineitem } from '../schema.js'

interface Summary {
  returnFlag: string
  lineStatus: string
  sumQty: string | null
  sumBasePrice: string | null
  sumDiscPrice: string | null
  sumCharge: string | null
  avgQty: number | null
  avgPrice: number | null
  avgDisc: number | null
  countOrder: number
}

const byGroup = window({ partitionBy: [lineitem.returnFlag, lineitem.lineStatus] })

export const q01: TpchQuery<Summary> = {
  name: '1, pricing summary report',
  get statement() {
    return select({
      returnFlag: lineitem.returnFlag,
      lineStatus: lineitem.lineStatus,
      sumQty: sum(lineitem.quantity),
      sumBasePrice: sum(lineitem.extendedPrice),
      sumDiscPrice: sum(revenue),
      sumCharge: sum(revenue.mul(one.add(lineitem.tax))),
      avgQty: avg(lineitem.quantity),
      avgPrice: avg(lineitem.extendedPrice),
      avgDisc: avg(lineitem.discount),
      countOrder: count(),
    })
      .from(lineitem)
      .where(lineitem.shipDate.lte(after('1998-07-01', { days: -90 })))
      .groupBy(lineitem.returnFlag, lineitem.lineStatus)
      .orderBy(lineitem.returnFlag, lineitem.lineStatus)
  },
  reworded: select({
    returnFlag: lineitem.returnFlag,
    lineStatus: lineitem.lineStatus,
    sumQty: sum(lineitem.quantity).over(byGroup),
    sumBasePrice: sum(lineitem.extendedPrice).over(byGroup),
    sumDiscPrice: sum(revenue).over(byGroup),
    sumCharge: sum(revenue.mul(one.add(lineitem.tax))).over(byGroup),
    avgQty: avg(lineitem.quantity).over(byGroup),
    avgPrice: avg(lineitem.extendedPrice).over(byGroup),
    avgDisc: avg(lineitem.discount).over(byGroup),
    countOrder: count().over(byGroup),
  })
    .distinct()
    .from(lineitem)
    .where(lineitem.shipDate.lte('1998-04-02'))
    .orderBy((row) => [row.returnFlag, row.lineStatus]),
  sql: `
    select l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice),
      sum(l_extendedprice * (1 - l_discount)), sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)),
      avg(l_quantity), avg(l_extendedprice), avg(l_discount), count(*)
    from lineitem
    where l_shipdate <= date '1998-07-01' - interval '90' day
    group by l_returnflag, l_linestatus
    order by l_returnflag, l_linestatus`,
  sqlite: `
    select l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice),
      sum(l_extendedprice * (1 - l_discount)), sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)),
      avg(l_quantity), avg(l_extendedprice), avg(l_discount), count(*)
    from lineitem
    where l_shipdate <= date('1998-07-01', '-90 days')
    group by l_returnflag, l_linestatus
    order by l_returnflag, l_linestatus`,
}
