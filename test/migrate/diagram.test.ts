import { type Catalog, sql } from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { inspect as inspectPostgres } from '@espalier/dialects/postgres/inspect'
import { sqlite } from '@espalier/dialects/sqlite'
import { inspect } from '@espalier/dialects/sqlite/inspect'
import { diagram, selectObjects } from '@espalier/migrate'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { testDatabaseUrl } from '../support/postgres.js'

async function catalogOf(script: string): Promise<Catalog> {
  const handle = new Database(':memory:')
  await using db = sqlite(handle)
  handle.exec(script)
  return inspect(db)
}

const SHOP = `
  create table customers (id integer primary key, email text not null unique);
  create table orders (id integer primary key, customer_id integer not null references customers (id), ship_to integer references addresses (id));
  create table addresses (id integer primary key, customer_id integer references customers (id));
  create table payments (id integer primary key, order_id integer not null unique references orders (id), amount numeric(10, 2) not null);
  create table categories (id integer primary key, parent_id integer references categories (id));
  create table items (order_id integer not null references orders (id), n integer not null, primary key (order_id, n));
  create view named as select email from customers`

const HOSTILE = `
  create table "a <&> ""b"" ]]> --" (id integer primary key, "<script>alert(1)</script>" text, "it's &amp; ${'\u0001'} \n two" "odd, <type>",
    "名前🙂" int references "a <&> ""b"" ]]> --" (id), "\\ }{ | %% \`" text);
  create table "end" (x, "class" text, "1" int, """" int references "a <&> ""b"" ]]> --" (id))`

/** The elements of a document, in their order; an error where it is not well-formed. */
function elementsOf(xml: string): {
  readonly name: string
  readonly attributes: Record<string, string>
  readonly depth: number
  text: string
}[] {
  const found: { name: string; attributes: Record<string, string>; depth: number; text: string }[] = []
  const open: (typeof found)[number][] = []
  const plain = (text: string) => {
    expect(text).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/)
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f<]/)
    return text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&')
  }
  let at = 0
  for (const tag of xml.matchAll(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const between = plain(xml.slice(at, tag.index))
    const inside = open.at(-1)
    if (inside !== undefined) inside.text += between
    else expect(between.trim()).toBe('')
    at = (tag.index ?? 0) + tag[0].length
    const [, closing, name = '', attributes = '', alone] = tag
    if (closing === '/') expect(open.pop()?.name).toBe(name)
    else {
      const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [
        key as string,
        plain(value as string),
      ])
      expect(new Set(pairs.map(([key]) => key)).size).toBe(pairs.length)
      const element = { name, attributes: Object.fromEntries(pairs), depth: open.length, text: '' }
      found.push(element)
      if (alone !== '/') open.push(element)
    }
  }
  expect(xml.slice(at).trim()).toBe('')
  expect(open).toEqual([])
  return found
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The boxes of the tables of a picture, and points along its lines. */
function shapesOf(svg: string) {
  const elements = elementsOf(svg)
  const boxes: Box[] = []
  const texts: {
    readonly box: Box
    readonly x: number
    readonly y: number
    readonly text: string
    readonly isAtEnd: boolean
  }[] = []
  const lines: { readonly x: number; readonly y: number }[][] = []
  let place = { x: 0, y: 0 }
  let inRelation = false
  for (const { name, attributes, text } of elements) {
    const numbers = (attributes.transform ?? '').match(/-?[\d.]+/g)?.map(Number) ?? []
    if (name === 'g') {
      inRelation = attributes.class?.startsWith('relation') === true
      if (attributes.class?.startsWith('entity')) place = { x: numbers[0] as number, y: numbers[1] as number }
    } else if (name === 'rect' && attributes.class === 'table') {
      boxes.push({ ...place, width: Number(attributes.width), height: Number(attributes.height) })
    } else if (name === 'text' && attributes.class !== 'title') {
      const isAtEnd = attributes['text-anchor'] === 'end'
      texts.push({
        box: boxes.at(-1) as Box,
        x: Number(attributes.x),
        y: Number(attributes.y),
        text,
        isAtEnd,
      })
    } else if (name === 'path' && inRelation) {
      // The first is the line itself, the next its ends.
      lines.push(pointsAlong(attributes.d ?? ''))
      inRelation = false
    }
  }
  return { boxes, texts, lines, elements }
}

function pointsAlong(path: string): { readonly x: number; readonly y: number }[] {
  const points: { x: number; y: number }[] = []
  let at = { x: 0, y: 0 }
  for (const [, command, given = ''] of path.matchAll(/([MHLC])([^MHLC]*)/g)) {
    const n = given.trim().split(/\s+/).map(Number) as [number, number, number, number, number, number]
    const to =
      command === 'H' ? { x: n[0], y: at.y } : command === 'C' ? { x: n[4], y: n[5] } : { x: n[0], y: n[1] }
    for (let i = 0; i <= 20; i++) {
      const t = i / 20
      if (command === 'M') points.push(to)
      else if (command === 'C') {
        const mix = (a: number, b: number, c: number, d: number) =>
          (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t * t * c + t ** 3 * d
        points.push({ x: mix(at.x, n[0], n[2], n[4]), y: mix(at.y, n[1], n[3], n[5]) })
      } else points.push({ x: at.x + (to.x - at.x) * t, y: at.y + (to.y - at.y) * t })
    }
    at = to
  }
  return points
}

/** Expects of a picture that its tables do not overlap, its lines pass by them, and its texts fit. */
function expectReadable(svg: string): void {
  const { boxes, texts, lines, elements } = shapesOf(svg)
  const [width, height] = [Number(elements[0]?.attributes.width), Number(elements[0]?.attributes.height)]
  const wrong: unknown[] = []
  for (const [i, a] of boxes.entries()) {
    if (a.x < 0 || a.y < 0 || a.x + a.width > width || a.y + a.height > height) wrong.push(['outside', a])
    for (const b of boxes.slice(i + 1)) {
      const isApart =
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
      if (!isApart) wrong.push(['overlap', a, b])
    }
  }
  for (const { x, y } of lines.flat()) {
    const isWithin = (box: Box) =>
      x > box.x + 1 && x < box.x + box.width - 1 && y > box.y + 1 && y < box.y + box.height - 1
    if (boxes.some(isWithin)) wrong.push(['line through a table', x, y])
  }
  expect(wrong).toEqual([])
  for (const { box, x, y, text, isAtEnd } of texts) {
    const wide = [...text].length * 7.23
    expect(y).toBeLessThan(box.height)
    expect(isAtEnd ? x - wide : x).toBeGreaterThan(0)
    expect(isAtEnd ? x : x + wide, text).toBeLessThanOrEqual(box.width)
  }
  // Names and types of one row do not touch.
  for (const one of texts.filter(({ isAtEnd }) => isAtEnd)) {
    const name = texts.find(({ box, y, isAtEnd, x }) => box === one.box && y === one.y && !isAtEnd && x > 20)
    if (name !== undefined) {
      expect(name.x + [...name.text].length * 7.23, name.text).toBeLessThan(
        one.x - [...one.text].length * 7.23,
      )
    }
  }
}

describe('a picture', () => {
  it('has tables with their columns and keys, and lines with how many rows there are at each end', async () => {
    const svg = diagram(await catalogOf(SHOP), { title: 'The shop' })
    expectReadable(svg)
    const { elements, lines, boxes } = shapesOf(svg)
    const texts = elements.filter(({ name }) => name === 'text').map(({ text }) => text)
    expect(texts[0]).toBe('The shop')
    expect(texts.slice(texts.indexOf('payments'), texts.indexOf('payments') + 9)).toEqual([
      ...['payments', 'PK', 'id', 'integer', 'FK', 'order_id', 'integer', 'amount', 'numeric(10, 2)'],
    ])
    expect(texts.filter((text) => text === 'integer?')).toHaveLength(3)
    expect(boxes).toHaveLength(6)
    expect(lines).toHaveLength(6)
    expect(svg).toContain('prefers-color-scheme: dark')
    expect(diagram(await catalogOf(SHOP), { title: 'The shop' })).toBe(svg)
  })

  it('is readable with a hundred tables, and with random ones', async () => {
    const columns = fc.array(fc.tuple(fc.nat(30), fc.nat(12), fc.boolean()), { maxLength: 8 })
    const references = fc.array(fc.nat(99), { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(columns, references), { minLength: 1, maxLength: 100 }),
        async (tables) => {
          const script = tables.map(([own, targets], i) => {
            const parts = own.map(
              ([name, type, isGiven], n) =>
                `c${n}${'x'.repeat(name)} "t${'y'.repeat(type)}"${isGiven ? ' not null' : ''}`,
            )
            const keys = targets.map((to, n) => `r${n} integer references t${to % tables.length} (id)`)
            return `create table t${i} (${['id integer primary key', ...keys, ...parts].join(', ')})`
          })
          const catalog = await catalogOf(script.join(';'))
          expectReadable(diagram(catalog))
          expectReadable(diagram(catalog, { columns: 'keys', title: 'Keys' }))
          expectReadable(diagram(catalog, { columns: 'none' }))
        },
      ),
      { seed: Number(process.env.FUZZ_SEED ?? 1), numRuns: 12 * Number(process.env.FUZZ_TIMES ?? 1) },
    )
  }, 120_000)

  it('takes any names', async () => {
    const svg = diagram(await catalogOf(HOSTILE), { title: '<&> "\n" \u0000' })
    const texts = elementsOf(svg)
      .filter(({ name }) => name === 'text')
      .map(({ text }) => text)
    expect(texts).toContain('a <&> "b" ]]> --')
    expect(texts).toContain('<script>alert(1)</script>')
    expect(texts).toContain("it's &amp; \ufffd two")
    expect(svg).not.toContain('<script')
  })
})

describe('a text for Mermaid', () => {
  it('has tables and relations', async () => {
    expect(diagram(await catalogOf(SHOP), { format: 'mermaid', columns: 'keys' })).toBe(`erDiagram
  t1["addresses"] {
    integer id PK
    integer customer_id FK "null"
  }
  t2["categories"] {
    integer id PK
    integer parent_id FK "null"
  }
  t3["customers"] {
    integer id PK
    text email UK
  }
  t4["items"] {
    integer order_id PK, FK
    integer n PK
  }
  t5["orders"] {
    integer id PK
    integer customer_id FK
    integer ship_to FK "null"
  }
  t6["payments"] {
    integer id PK
    integer order_id FK, UK
  }
  t3 |o--o{ t1 : "customer_id"
  t2 |o--o{ t2 : "parent_id"
  t5 ||--o{ t4 : "order_id"
  t3 ||--o{ t5 : "customer_id"
  t1 |o--o{ t5 : "ship_to"
  t5 ||--o| t6 : "order_id"
`)
  })

  it('takes any names', async () => {
    const lines = diagram(await catalogOf(HOSTILE), { format: 'mermaid', title: 'a "b"\n: c' }).split('\n')
    expect(lines.slice(0, 5)).toEqual([
      '---',
      'title: "a \\"b\\" : c"',
      '---',
      'erDiagram',
      '  t1["a #60;#38;#62; #34;b#34; ]]#62; --"] {',
    ])
    for (const line of lines.slice(4)) {
      expect(line).toMatch(
        /^( {2}t\d+\["[^"]*"\]( \{)?| {2}\}| {4}[A-Za-z][\w()[\]-]* [A-Za-z][\w()[\]-]*( [PFU]K(, [PFU]K)*)?( "[^"]*")?| {2}t\d+ \S+ t\d+ : "[^"]*"|)$/,
      )
    }
  })
})

describe('a text for Graphviz', () => {
  it('has tables and relations, of any names', async () => {
    const dot = diagram(await catalogOf(SHOP), { format: 'dot' })
    expect(dot).toContain(
      't5:c1 -> t6:c2 [dir=both, arrowtail=teetee, arrowhead=teeodot, tooltip="order_id"]',
    )
    const hostile = diagram(await catalogOf(HOSTILE), { format: 'dot', title: 'a "b" \\' })
    expect(hostile).toContain('label="a \\"b\\" \\\\"')
    expect(hostile).toContain('<b>a &lt;&amp;&gt; &quot;b&quot; ]]&gt; --</b>')
    for (const [, markup] of hostile.matchAll(/label=<(<table.*<\/table>)>\]/g)) elementsOf(markup as string)
  })
})

describe('a part of a schema', () => {
  it('is that of some tables, or around one', async () => {
    const catalog = await catalogOf(SHOP)
    const names = (part: Catalog) => part.tables.map(({ name }) => name)
    expect(names(selectObjects(catalog, { include: ['*s'], exclude: ['c*', 'items'] }))).toEqual([
      'addresses',
      'orders',
      'payments',
    ])
    expect(names(selectObjects(catalog, { near: ['payments'] }))).toEqual(['orders', 'payments'])
    expect(names(selectObjects(catalog, { near: ['payments'], distance: 2 }))).toEqual([
      'addresses',
      'customers',
      'items',
      'orders',
      'payments',
    ])
    expect(names(selectObjects(catalog, { near: ['main.payments'], distance: 0 }))).toEqual(['payments'])
    expect(() => selectObjects(catalog, { include: ['payment'] })).toThrow(
      'Nothing in the database is called "payment". There is payments.',
    )
  })

  it('has views with what they read, and schemas in names, and no partitions', async () => {
    await using db = postgres(await testDatabaseUrl())
    for (const statement of [
      'create schema auth',
      'create table auth.users (id int primary key, name varchar(20) not null, at timestamptz[])',
      'create table events (at date, "user" int references auth.users (id)) partition by range (at)',
      'create table events_old partition of events default',
      'create view names as select name from auth.users',
      'create materialized view counts as select count(*) as n from names',
    ]) {
      await db.run(sql.statement`${sql.unsafe(statement)}`)
    }
    const catalog = await inspectPostgres(db)
    expect(diagram(catalog, { format: 'mermaid', views: true })).toBe(`erDiagram
  t1["auth.users"] {
    integer id PK
    varchar(20) name
    timestamptz[] at "null"
  }
  t2["public.events"] {
    date at "null"
    integer user FK "null"
  }
  t3["public.names"] {
    varchar(20) name "null"
  }
  t4["public.counts"] {
    bigint n "null"
  }
  t1 |o--o{ t2 : "user"
  t3 ||..o{ t4 : "reads"
  t1 ||..o{ t3 : "reads"
`)
    expectReadable(diagram(catalog, { views: true }))
  })
})
