import { date, foreignKey, integer, metadata, numeric, primaryKey, text } from '@espalier/core'

// The tables of TPC-H under the names of its specification, so that its queries can be written as they stand there.

export const tpch = metadata()

const money = (name: string) => numeric(name, { precision: 15, scale: 2 }).notNull()

export const region = tpch.table('region', {
  regionKey: integer('r_regionkey').primaryKey(),
  name: text('r_name').notNull(),
})

export const nation = tpch.table('nation', {
  nationKey: integer('n_nationkey').primaryKey(),
  name: text('n_name').notNull(),
  regionKey: integer('n_regionkey')
    .notNull()
    .references(() => region.regionKey),
})

export const supplier = tpch.table('supplier', {
  suppKey: integer('s_suppkey').primaryKey(),
  name: text('s_name').notNull(),
  address: text('s_address').notNull(),
  nationKey: integer('s_nationkey')
    .notNull()
    .references(() => nation.nationKey),
  phone: text('s_phone').notNull(),
  acctBal: money('s_acctbal'),
  comment: text('s_comment').notNull(),
})

export const part = tpch.table('part', {
  partKey: integer('p_partkey').primaryKey(),
  name: text('p_name').notNull(),
  mfgr: text('p_mfgr').notNull(),
  brand: text('p_brand').notNull(),
  type: text('p_type').notNull(),
  size: integer('p_size').notNull(),
  container: text('p_container').notNull(),
  retailPrice: money('p_retailprice'),
})

export const partsupp = tpch.table(
  'partsupp',
  {
    partKey: integer('ps_partkey')
      .notNull()
      .references(() => part.partKey),
    suppKey: integer('ps_suppkey')
      .notNull()
      .references(() => supplier.suppKey),
    availQty: integer('ps_availqty').notNull(),
    supplyCost: money('ps_supplycost'),
  },
  (t) => [primaryKey(t.partKey, t.suppKey)],
)

export const customer = tpch.table('customer', {
  custKey: integer('c_custkey').primaryKey(),
  name: text('c_name').notNull(),
  address: text('c_address').notNull(),
  nationKey: integer('c_nationkey')
    .notNull()
    .references(() => nation.nationKey),
  phone: text('c_phone').notNull(),
  acctBal: money('c_acctbal'),
  mktSegment: text('c_mktsegment').notNull(),
  comment: text('c_comment').notNull(),
})

export const orders = tpch.table('orders', {
  orderKey: integer('o_orderkey').primaryKey(),
  custKey: integer('o_custkey')
    .notNull()
    .references(() => customer.custKey),
  orderStatus: text('o_orderstatus').notNull(),
  totalPrice: money('o_totalprice'),
  orderDate: date('o_orderdate').notNull(),
  orderPriority: text('o_orderpriority').notNull(),
  shipPriority: integer('o_shippriority').notNull(),
  comment: text('o_comment').notNull(),
})

export const lineitem = tpch.table(
  'lineitem',
  {
    orderKey: integer('l_orderkey')
      .notNull()
      .references(() => orders.orderKey),
    partKey: integer('l_partkey').notNull(),
    suppKey: integer('l_suppkey').notNull(),
    lineNumber: integer('l_linenumber').notNull(),
    quantity: money('l_quantity'),
    extendedPrice: money('l_extendedprice'),
    discount: money('l_discount'),
    tax: money('l_tax'),
    returnFlag: text('l_returnflag').notNull(),
    lineStatus: text('l_linestatus').notNull(),
    shipDate: date('l_shipdate').notNull(),
    commitDate: date('l_commitdate').notNull(),
    receiptDate: date('l_receiptdate').notNull(),
    shipInstruct: text('l_shipinstruct').notNull(),
    shipMode: text('l_shipmode').notNull(),
  },
  (t) => [
    primaryKey(t.orderKey, t.lineNumber),
    foreignKey([t.partKey, t.suppKey], () => [partsupp.partKey, partsupp.suppKey]),
  ],
)
