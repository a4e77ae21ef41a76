import { count, not, select } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { part, partsupp, supplier } from '../schema.js'

const complainedOf = select(supplier.suppKey)
  .from(supplier)
  .where(supplier.comment.like('%Customer%Complaints%'))

export const q16: TpchQuery<{ brand: string; type: string; size: number; suppliers: number }> = {
  name: '16, parts and supplier relationship',
  get statement() {
    return select({
      brand: part.brand,
      type: part.type,
      size: part.size,
      suppliers: count(partsupp.suppKey).distinct(),
    })
      .from(partsupp)
      .join(part)
      .where(
        part.brand.ne('Brand#45'),
        part.type.like('MEDIUM POLISHED%').not(),
        part.size.in([1, 3, 9, 14]),
        partsupp.suppKey.notIn(complainedOf),
      )
      .groupBy(part.brand, part.type, part.size)
      .orderBy((row) => [row.suppliers.desc(), row.brand, row.type, row.size])
  },
  reworded: select({
    brand: part.brand,
    type: part.type,
    size: part.size,
    suppliers: count(partsupp.suppKey).distinct(),
  })
    .from(part)
    .join(partsupp)
    .leftJoin(
      supplier,
      supplier.suppKey.eq(partsupp.suppKey).and(supplier.comment.like('%Customer%Complaints%')),
    )
    .where(
      part.brand.notIn(['Brand#45']),
      not(part.type.startsWith('MEDIUM POLISHED')),
      part.size.in([1, 3, 9, 14]),
      supplier.suppKey.isNull(),
    )
    .groupBy((row) => [row.brand, row.type, row.size])
    .orderBy((row) => [row.suppliers.desc(), row.brand, row.type, row.size]),
  sql: `
    select p_brand, p_type, p_size, count(distinct ps_suppkey) as supplier_cnt
    from partsupp, part
    where p_partkey = ps_partkey and p_brand <> 'Brand#45' and p_type not like 'MEDIUM POLISHED%'
      and p_size in (1, 3, 9, 14)
      and ps_suppkey not in (select s_suppkey from supplier where s_comment like '%Customer%Complaints%')
    group by p_brand, p_type, p_size
    order by supplier_cnt desc, p_brand, p_type, p_size`,
}
