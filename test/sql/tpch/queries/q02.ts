import { min, rank, select } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { nation, part, partsupp, region, supplier } from '../schema.js'

interface MinimumCostSupplier {
  acctBal: string
  supplier: string
  nation: string
  partKey: number
  mfgr: string
  address: string
  phone: string
  comment: string
}

// The subquery brings tables of the same names as the query around it; it lacks only `part`.
const lowestCost = select(min(partsupp.supplyCost))
  .from(partsupp)
  .join(supplier)
  .join(nation)
  .join(region)
  .where(partsupp.partKey.eq(part.partKey), region.name.eq('EUROPE'))
  .scalar()

const ranked = select({
  supplier,
  nation: nation.name,
  part,
  place: rank().over({ partitionBy: part.partKey, orderBy: partsupp.supplyCost }),
})
  .from(part)
  .join(partsupp)
  .join(supplier)
  .join(nation)
  .join(region)
  .where(region.name.eq('EUROPE'), part.size.between(10, 15), part.type.endsWith('BRASS'))
  .as('ranked')

export const q02: TpchQuery<MinimumCostSupplier> = {
  name: '2, minimum cost supplier',
  get statement() {
    return select({
      acctBal: supplier.acctBal,
      supplier: supplier.name,
      nation: nation.name,
      partKey: part.partKey,
      mfgr: part.mfgr,
      address: supplier.address,
      phone: supplier.phone,
      comment: supplier.comment,
    })
      .from(part)
      .join(partsupp)
      .join(supplier)
      .join(nation)
      .join(region)
      .where(
        part.size.between(10, 15),
        part.type.like('%BRASS'),
        region.name.eq('EUROPE'),
        partsupp.supplyCost.eq(lowestCost),
      )
      .orderBy(supplier.acctBal.desc(), nation.name, supplier.name, part.partKey)
      .limit(100)
  },
  reworded: select({
    acctBal: ranked.supplier.acctBal,
    supplier: ranked.supplier.name,
    nation: ranked.nation,
    partKey: ranked.part.partKey,
    mfgr: ranked.part.mfgr,
    address: ranked.supplier.address,
    phone: ranked.supplier.phone,
    comment: ranked.supplier.comment,
  })
    .from(ranked)
    .where(ranked.place.eq(1))
    .orderBy((row) => [row.acctBal.desc(), row.nation, row.supplier, row.partKey]),
  sql: `
    select s_acctbal, s_name, n_name, p_partkey, p_mfgr, s_address, s_phone, s_comment
    from part, supplier, partsupp, nation, region
    where p_partkey = ps_partkey and s_suppkey = ps_suppkey and p_size between 10 and 15
      and p_type like '%BRASS' and s_nationkey = n_nationkey and n_regionkey = r_regionkey
      and r_name = 'EUROPE'
      and ps_supplycost = (
        select min(ps_supplycost) from partsupp, supplier, nation, region
        where p_partkey = ps_partkey and s_suppkey = ps_suppkey and s_nationkey = n_nationkey
          and n_regionkey = r_regionkey and r_name = 'EUROPE')
    order by s_acctbal desc, n_name, s_name, p_partkey
    limit 100`,
}
