import { avg, count, cte, exists, not, select, substring, sum } from '@espalier/core'
import type { TpchQuery } from '../query.js'
import { customer, orders } from '../schema.js'

const countryCode = substring(customer.phone, 1, 2)
const fromThere = countryCode.in(['10', '11', '13', '14', '16', '17', '19'])
const average = select(avg(customer.acctBal))
  .from(customer)
  .where(customer.acctBal.gt('0'), fromThere)
  .scalar()

const inactive = select({ countryCode, acctBal: customer.acctBal })
  .from(customer)
  .where(
    fromThere,
    customer.acctBal.gt(average),
    not(exists(select(orders.orderKey).from(orders).where(orders.custKey.eq(customer.custKey)))),
  )
  .as('inactive')

const rich = cte(
  'rich',
  select({ least: avg(customer.acctBal).filter(customer.acctBal.gt('0')) })
    .from(customer)
    .where(fromThere),
)

export const q22: TpchQuery<{ countryCode: string; customers: number; acctBal: string | null }> = {
  name: '22, global sales opportunity',
  get statement() {
    return select({
      countryCode: inactive.countryCode,
      customers: count(),
      acctBal: sum(inactive.acctBal),
    })
      .from(inactive)
      .groupBy(inactive.countryCode)
      .orderBy(inactive.countryCode)
  },
  reworded: select({ countryCode, customers: count(), acctBal: sum(customer.acctBal) })
    .from(customer)
    .join(rich, customer.acctBal.gt(rich.least))
    .leftJoin(orders)
    .where(fromThere, orders.orderKey.isNull())
    .groupBy((row) => row.countryCode)
    .orderBy((row) => row.countryCode),
  sql: `
    select cntrycode, count(*), sum(c_acctbal)
    from (
      select substr(c_phone, 1, 2) as cntrycode, c_acctbal
      from customer
      where substr(c_phone, 1, 2) in ('10', '11', '13', '14', '16', '17', '19')
        and c_acctbal > (
          select avg(c_acctbal) from customer
          where c_acctbal > 0.00 and substr(c_phone, 1, 2) in ('10', '11', '13', '14', '16', '17', '19'))
        and not exists (select * from orders where o_custkey = c_custkey)) as custsale
    group by cntrycode
    order by cntrycode`,
}
