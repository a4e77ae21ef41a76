import { exists, select, sum } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { lineitem, nation, part, partsupp, supplier } from '../schema.js'

const halfOfWhatWasShipped = select(sum(lineitem.quantity).mul('0.5'))
  .from(lineitem)
  .where(
    lineitem.partKey.eq(partsupp.partKey),
    lineitem.suppKey.eq(partsupp.suppKey),
    lineitem.shipDate.gte('1994-01-01'),
    lineitem.shipDate.lt('1995-01-01'),
  )
  .scalar()
const forestParts = select(part.partKey).from(part).where(part.name.startsWith('forest'))
const suppliersWithSurplus = select(partsupp.suppKey)
  .from(partsupp)
  .where(partsupp.partKey.in(forestParts), partsupp.availQty.gt(halfOfWhatWasShipped))

const surplus = select(partsupp)
  .from(partsupp)
  .join(part)
  .where(
    partsupp.suppKey.eq(supplier.suppKey),
    part.name.like('forest%'),
    partsupp.availQty.gt(halfOfWhatWasShipped),
  )

export const q20: TpchQuery<{ name: string; address: string }> = {
  name: '20, potential part promotion',
  get statement() {
    return select({ name: supplier.name, address: supplier.address })
      .from(supplier)
      .join(nation)
      .where(supplier.suppKey.in(suppliersWithSurplus), nation.name.eq('CANADA'))
      .orderBy(supplier.name)
  },
  reworded: select({ name: supplier.name, address: supplier.address })
    .from(supplier)
    .where(
      exists(surplus),
      supplier.nationKey.in(select(nation.nationKey).from(nation).where(nation.name.eq('CANADA'))),
    )
    .orderBy((row) => row.name),
  sql: `
    select s_name, s_address
    from supplier, nation
    where s_suppkey in (
        select ps_suppkey from partsupp
        where ps_partkey in (select p_partkey from part where p_name like 'forest%')
          and ps_availqty > (
            select 0.5 * sum(l_quantity) from lineitem
            where l_partkey = ps_partkey and l_suppkey = ps_suppkey and l_shipdate >= '1994-01-01'
              and l_shipdate < '1995-01-01'))
      and s_nationkey = n_nationkey and n_name = 'CANADA'
    order by s_name`,
}
