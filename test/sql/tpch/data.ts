import { createAll, type Database, type LoadRow } from '@espalier/core'
import { customer, lineitem, nation, orders, part, partsupp, region, supplier, tpch } from './schema.js'

// Data of our own for the tables of TPC-H: the same on every run, and with fewer different values than the
// specification has, so that every query finds rows among a few thousand.

const SUPPLIERS = 40
const PARTS = 200
const CUSTOMERS = 150
const ORDERS = 700

const nations = [
  ['KENYA', 0],
  ['MOROCCO', 0],
  ['BRAZIL', 1],
  ['CANADA', 1],
  ['INDIA', 2],
  ['CHINA', 2],
  ['FRANCE', 3],
  ['GERMANY', 3],
  ['EGYPT', 4],
  ['SAUDI ARABIA', 4],
] as const
const regions = ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST']
const brands = ['Brand#12', 'Brand#23', 'Brand#34', 'Brand#45', 'Brand#51']
const colours = ['azure', 'forest', 'green', 'ivory', 'linen', 'peru', 'rose', 'thistle']
const finishes = ['ECONOMY', 'MEDIUM', 'PROMO', 'STANDARD']
const coatings = ['ANODIZED', 'BRUSHED', 'POLISHED']
const metals = ['BRASS', 'COPPER', 'NICKEL', 'STEEL', 'TIN']
const boxes = ['SM BOX', 'SM CASE', 'SM PKG', 'MED BAG', 'MED BOX', 'LG BOX', 'LG CASE', 'LG PKG']
const segments = ['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY']
const priorities = ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW']
const instructions = ['DELIVER IN PERSON', 'NONE', 'TAKE BACK RETURN']
const modes = ['AIR', 'FOB', 'MAIL', 'RAIL', 'SHIP', 'TRUCK']
const remarks = [
  'carefully packed',
  'special pending requests',
  'Customer slow Complaints',
  'requests of a special kind',
  'nothing to say',
]

const FIRST_DAY = Date.UTC(1992, 0, 1) / 86_400_000
const DAYS = 2406
/** The day on which the data were taken: what was received before it is returned or not, the rest is open. */
const TODAY = Date.UTC(1995, 5, 17) / 86_400_000

type RowsOf<T extends { readonly '~columns': unknown }> = LoadRow<T['~columns']>[]

interface Tables {
  readonly region: RowsOf<typeof region>
  readonly nation: RowsOf<typeof nation>
  readonly supplier: RowsOf<typeof supplier>
  readonly part: RowsOf<typeof part>
  readonly partsupp: RowsOf<typeof partsupp>
  readonly customer: RowsOf<typeof customer>
  readonly orders: RowsOf<typeof orders>
  readonly lineitem: RowsOf<typeof lineitem>
}

/** Whole numbers from `low` to `high`, by the generator of Park and Miller: the same series for the same seed. */
function randomSeries(seed: number): (low: number, high: number) => number {
  let state = seed
  return (low, high) => {
    state = (state * 48_271) % 2_147_483_647
    return low + (state % (high - low + 1))
  }
}

const cents = (amount: number): string => {
  const size = Math.abs(amount)
  return `${amount < 0 ? '-' : ''}${Math.floor(size / 100)}.${String(size % 100).padStart(2, '0')}`
}
const day = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10)

/** All rows of all tables. */
export function makeData(): Tables {
  const random = randomSeries(1_992)
  const one = (values: readonly string[]): string => values[random(0, values.length - 1)] as string
  const phone = (nationKey: number) => `${10 + nationKey}-${random(100, 999)}-${random(1000, 9999)}`
  const nationOf = (key: number) => key % nations.length
  const supplierOf = (partKey: number, nth: number) => ((partKey * 7 + nth * 11) % SUPPLIERS) + 1
  const price = (partKey: number) => 90_000 + ((partKey * 137) % 20_001)

  const data: Tables = {
    region: regions.map((name, regionKey) => ({ regionKey, name })),
    nation: nations.map(([name, regionKey], nationKey) => ({ nationKey, name, regionKey })),
    supplier: [],
    part: [],
    partsupp: [],
    customer: [],
    orders: [],
    lineitem: [],
  }
  for (let suppKey = 1; suppKey <= SUPPLIERS; suppKey++) {
    data.supplier.push({
      suppKey,
      name: `Supplier#${String(suppKey).padStart(9, '0')}`,
      address: `${random(1, 999)} Mill Lane`,
      nationKey: nationOf(suppKey),
      phone: phone(nationOf(suppKey)),
      acctBal: cents(random(-99_999, 999_999)),
      comment: one(remarks),
    })
  }
  for (let partKey = 1; partKey <= PARTS; partKey++) {
    const brand = one(brands)
    data.part.push({
      partKey,
      name: `${one(colours)} ${one(colours)}`,
      mfgr: `Manufacturer#${brand.charAt(6)}`,
      brand,
      type: `${one(finishes)} ${one(coatings)} ${one(metals)}`,
      size: random(1, 15),
      container: one(boxes),
      retailPrice: cents(price(partKey)),
    })
    for (let nth = 0; nth < 4; nth++) {
      data.partsupp.push({
        partKey,
        suppKey: supplierOf(partKey, nth),
        availQty: random(1, 300),
        supplyCost: cents(random(100, 100_000)),
      })
    }
  }
  for (let custKey = 1; custKey <= CUSTOMERS; custKey++) {
    const nationKey = nationOf(random(0, 99))
    data.customer.push({
      custKey,
      name: `Customer#${String(custKey).padStart(9, '0')}`,
      address: `${random(1, 999)} Weir Street`,
      nationKey,
      phone: phone(nationKey),
      acctBal: cents(random(-99_999, 999_999)),
      mktSegment: one(segments),
      comment: one(remarks),
    })
  }
  for (let orderKey = 1; orderKey <= ORDERS; orderKey++) {
    // A third of the customers never order.
    const custKey = random(0, CUSTOMERS / 3 - 1) * 3 + random(1, 2)
    const ordered = FIRST_DAY + random(0, DAYS - 151)
    let total = 0
    let open = 0
    const lines = random(1, 7)
    for (let lineNumber = 1; lineNumber <= lines; lineNumber++) {
      const partKey = random(1, PARTS)
      const quantity = random(1, 50)
      const shipped = ordered + random(1, 121)
      const received = shipped + random(1, 30)
      total += quantity * price(partKey)
      if (shipped > TODAY) open++
      data.lineitem.push({
        orderKey,
        partKey,
        suppKey: supplierOf(partKey, random(0, 3)),
        lineNumber,
        quantity: cents(quantity * 100),
        extendedPrice: cents(quantity * price(partKey)),
        discount: cents(random(0, 10)),
        tax: cents(random(0, 8)),
        returnFlag: received > TODAY ? 'N' : one(['A', 'R']),
        lineStatus: shipped > TODAY ? 'O' : 'F',
        shipDate: day(shipped),
        commitDate: day(ordered + random(30, 90)),
        receiptDate: day(received),
        shipInstruct: one(instructions),
        shipMode: one(modes),
      })
    }
    data.orders.push({
      orderKey,
      custKey,
      orderStatus: open === 0 ? 'F' : open === lines ? 'O' : 'P',
      totalPrice: cents(total),
      orderDate: day(ordered),
      orderPriority: one(priorities),
      shipPriority: 0,
      comment: one(remarks),
    })
  }
  return data
}

/** Creates the tables of TPC-H and loads the rows. */
export async function setUpTpch(db: Database, data: Tables): Promise<void> {
  for (const statement of createAll(tpch.tables.values(), db.dialect)) await db.run(statement)
  await db.load(region, data.region)
  await db.load(nation, data.nation)
  await db.load(supplier, data.supplier)
  await db.load(part, data.part)
  await db.load(partsupp, data.partsupp)
  await db.load(customer, data.customer)
  await db.load(orders, data.orders)
  await db.load(lineitem, data.lineitem)
}
