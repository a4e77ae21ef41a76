import { cte, extract, select, sum } from '@espalier/core'
import { revenue, type TpchQuery } from '../query.js'
import { customer, lineitem, nation, orders } from '../schema.js'

interface ReturnedItems {
  custKey: number
  name: string
  revenue: string | null
  acctBal: string
  nation: string
  address: string
  phone: string
  comment: string
}

const returned = cte(
  'returned',
  select({ custKey: orders.custKey, revenue: sum(revenue) })
    .from(orders)
    .join(lineitem)
    .where(
      extract('year', orders.orderDate).eq(1993),
      extract('month', orders.orderDate).in([10, 11, 12]),
      lineitem.returnFlag.eq('R'),
    )
    .groupBy(orders.custKey),
)
const { custKey, name, acctBal, address, phone, comment } = customer

export const q10: TpchQuery<ReturnedItems> = {
  name: '10, returned item reporting',
  get statement() {
    return select({
      custKey: customer.custKey,
      name: customer.name,
      revenue: sum(revenue),
      acctBal: customer.acctBal,
      nation: nation.name,
      address: customer.address,
      phone: customer.phone,
      comment: customer.comment,
    })
      .from(customer)
      .join(orders)
      .join(lineitem)
      .join(nation)
      .where(
        orders.orderDate.gte('1993-10-01'),
        orders.orderDate.lt('1994-01-01'),
        lineitem.returnFlag.eq('R'),
      )
      .groupBy(
        customer.custKey,
        customer.name,
        customer.acctBal,
        customer.phone,
        nation.name,
        customer.address,
        customer.comment,
      )
      .orderBy((row) => row.revenue.desc())
      .limit(20)
  },
  reworded: select({
    custKey,
    name,
    revenue: returned.revenue,
    acctBal,
    nation: nation.name,
    address,
    phone,
    comment,
  })
    .from(returned)
    .join(customer, custKey.eq(returned.custKey))
    .join(nation)
    .orderBy(returned.revenue.desc())
    .limit(20),
  sql: `
    select c_custkey, c_name, sum(l_extendedprice * (1 - l_discount)) as revenue, c_acctbal, n_name,
      c_address, c_phone, c_comment
    from customer, orders, lineitem, nation
    where c_custkey = o_custkey and l_orderkey = o_orderkey and o_orderdate >= '1993-10-01'
      and o_orderdate < '1994-01-01' and l_returnflag = 'R' and c_nationkey = n_nationkey
    group by c_custkey, c_name, c_acctbal, c_phone, n_name, c_address, c_comment
    order by revenue desc
    limit 20`,
}
