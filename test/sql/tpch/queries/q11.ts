import { select, sum } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { nation, partsupp, supplier } from '../schema.js'

const value = sum(partsupp.supplyCost.mul(partsupp.availQty))
const german = nation.name.eq('GERMANY')
const threshold = select(value.mul('0.005')).from(partsupp).join(supplier).join(nation).where(german).scalar()

const valued = select({ partKey: partsupp.partKey, value, total: sum(value).over({}) })
  .from(partsupp)
  .join(supplier)
  .join(nation)
  .where(german)
  .groupBy(partsupp.partKey)
  .as('valued')

export const q11: TpchQuery<{ partKey: number; value: string | null }> = {
  name: '11, important stock identification',
  get statement() {
    return select({ partKey: partsupp.partKey, value })
      .from(partsupp)
      .join(supplier)
      .join(nation)
      .where(german)
      .groupBy(partsupp.partKey)
      .having(value.gt(threshold))
      .orderBy((row) => row.value.desc())
  },
  reworded: select({ partKey: valued.partKey, value: valued.value })
    .from(valued)
    .where(valued.value.gt(valued.total.mul('0.005')))
    .orderBy(valued.value.desc()),
  sql: `
    select ps_partkey, sum(ps_supplycost * ps_availqty) as value
    from partsupp, supplier, nation
    where ps_suppkey = s_suppkey and s_nationkey = n_nationkey and n_name = 'GERMANY'
    group by ps_partkey
    having sum(ps_supplycost * ps_availqty) > (
      select sum(ps_supplycost * ps_availqty) * 0.005
      from partsupp, supplier, nation
      where ps_suppkey = s_suppkey and s_nationkey = n_nationkey and n_name = 'GERMANY')
    order by value desc`,
}
