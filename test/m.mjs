import Database from 'better-sqlite3'

const db = new Database(':memory:')
db.exec(`create table items (id integer primary key, sku text not null, name text not null, quantity integer not null,
      price real not null, active integer not null, created text not null, note text)`)
const ins = db.prepare('insert into items values (?,?,?,?,?,?,?,?)')
for (let i = 1; i <= 10000; i++)
  ins.run(
    i,
    'sku' + i,
    'name of ' + i,
    i,
    i / 4,
    i & 1,
    '2026-01-01T00:00:00.000Z',
    i % 3 ? null : 'note ' + i,
  )
const q = 'select id, sku, name, quantity, price, active, created, note from items where id = ?'
const obj = db.prepare(q),
  raw = db.prepare(q).raw(),
  obj2 = db.prepare(q)
const labels = ['id', 'sku', 'name', 'quantity', 'price', 'active', 'created', 'note']
let id = 1,
  x
const next = () => {
  id = (id % 10000) + 1
  return id
}
const cases = {
  objget: () => obj.get(next()),
  rawall: () => raw.all(next()),
  rawallspread: () => {
    const p = [next()]
    return raw.all(...p)
  },
  rawallspread2: () => {
    const p = [next(), 1]
    p.length = 1
    return raw.all(...p)
  },
  rawallarr: () => raw.all([next()]),
  rawget: () => raw.get(next()),
  rawallbig: () => raw.all(BigInt(next())),
  objall: () => obj2.all(next()),
  mapKeyed: () => {
    const v = raw.all(next())[0]
    const r = {}
    for (let i = 0; i < 8; i++) r[labels[i]] = v[i]
    return r
  },
}
const best = {}
for (let r = 0; r < 30; r++)
  for (const [k, f] of Object.entries(cases)) {
    const n = 8000
    const t = process.hrtime.bigint()
    for (let i = 0; i < n; i++) x = f()
    const d = Number(process.hrtime.bigint() - t) / n
    best[k] = Math.min(best[k] ?? 1e9, d)
  }
console.log(best)
const labelsets = [labels, ['a', 'b'], ['x', 'y', 'z'], ['q']]
const maps = {
  keyed: (v, l) => {
    const r = {}
    for (let i = 0; i < l.length; i++) r[l[i]] = v[i]
    return r
  },
}
const tmpl = new Map(labelsets.map((l) => [l, Object.fromEntries(l.map((k) => [k, undefined]))]))
maps.clone = (v, l) => {
  const r = { ...tmpl.get(l) }
  for (let i = 0; i < l.length; i++) r[l[i]] = v[i]
  return r
}
maps.keyed2 = (v, l) => {
  const r = {}
  const n = l.length
  for (let i = 0; i < n; i++) {
    const c = v[i]
    r[l[i]] = c
  }
  return r
}
const v = [1, 'sku', 'name', 4, 2.5, 1, '2026-01-01T00:00:00.000Z', null]
for (let i = 0; i < 1e5; i++) for (const l of labelsets) for (const f of Object.values(maps)) f(v, l)
const b2 = {}
for (let r = 0; r < 30; r++)
  for (const [k, f] of Object.entries(maps)) {
    const n = 50000
    const t = process.hrtime.bigint()
    for (let i = 0; i < n; i++) x = f(v, labels)
    const d = Number(process.hrtime.bigint() - t) / n
    b2[k] = Math.min(b2[k] ?? 1e9, d)
  }
console.log(b2)
