import {
  addInterval,
  and,
  array,
  bigint,
  bytes,
  caseWhen,
  collate,
  comment,
  compositeType,
  count,
  createTable,
  cte,
  currentDate,
  type Dialect,
  date,
  dateTrunc,
  defaultValue,
  deleteFrom,
  distinctOn,
  double,
  exists,
  extract,
  fetchWithTies,
  field,
  fn,
  forUpdate,
  fromJSON,
  generateSeries,
  grouping,
  hint,
  insert,
  integer,
  isEspalierError,
  type Json,
  json,
  jsonArrayAgg,
  jsonEach,
  jsonToRecordset,
  lateral,
  literal,
  mergeAction,
  mergeInto,
  nextValue,
  nodeClasses,
  now,
  numeric,
  only,
  param,
  prefix,
  real,
  recursiveCte,
  regexpLike,
  rollup,
  round,
  rowNumber,
  type Statement,
  sameTree,
  secondsBetween,
  select,
  sequence,
  sql,
  stringAgg,
  suffix,
  sum,
  table,
  tableFunction,
  tableSample,
  tags,
  text,
  timestamptz,
  toChar,
  toJSON,
  truncate,
  update,
  updateMany,
  uuid,
  values,
  walk,
  withCte,
} from '@espalier/core'

import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operatorStatements } from '../support/operator-statements.js'
import { every, notes, orgs, posts, users } from '../support/sample-schema.js'

const busy = cte('busy', select({ author: posts.authorId, n: count() }).from(posts).groupBy(posts.authorId))
const chain = recursiveCte('chain', select({ id: literal(1, integer()) }), (self) =>
  select({ id: self.id.add(1) })
    .from(self)
    .where(self.id.lt(9)),
)
const boss = users.as('boss')
const address = compositeType('address', { street: text(), zip: integer().notNull() })
const homes = table('homes', { id: integer().primaryKey(), home: address() })

const statements: Readonly<Record<string, Statement<unknown>>> = {
  select: select({ id: users.id, org: { name: orgs.name }, boss })
    .from(users)
    .join(orgs)
    .leftJoin(boss, boss.id.eq(users.managerId))
    .where(users.name.like('a%'), users.id.in([1, 2]), users.score.between(1, 2), users.nick.isNull())
    .groupBy(users.id, orgs.name, boss.id)
    .having(count().filter(users.active).gt(1))
    .orderBy((row) => [row.id.desc().nullsLast()])
    .limit(3)
    .offset(1)
    .distinct(),
  ctes: select({
    n: busy.n,
    id: chain.id,
    row: rowNumber().over({ partitionBy: busy.n, orderBy: chain.id.desc() }),
  })
    .from(busy)
    .crossJoin(chain)
    .where(exists(select(users.id).from(users).where(users.id.eq(busy.author)))),
  functions: select({
    own: fn('abs', integer(), users.id),
    list: jsonArrayAgg(users.active).distinct(),
    names: stringAgg(users.name, ', ').orderBy(users.name.desc()).filter(users.active),
    part: sum(users.score).over({ orderBy: users.id, rows: { from: { preceding: 2 }, exclude: 'ties' } }),
  })
    .from(users)
    .groupBy(users.id),
  'regular expression': select(users.id)
    .from(users)
    .where(regexpLike(users.name, '^a', { ignoreCase: true })),
  times: select({
    day: currentDate(),
    month: extract('month', now()),
    begin: dateTrunc('month', now()),
    later: addInterval(now(), { months: 1, days: -3, seconds: 0.5 }),
    seconds: secondsBetween(now(), now()),
    text: toChar(now(), 'YYYY-MM'),
  }).from(users),
  sources: (() => {
    const v = values('v', { id: integer() }, [{ id: 1 }])
    const n = generateSeries('n', 1, 2)
    const e = jsonEach('e', literal({ a: 1 }, json()))
    const r = jsonToRecordset('r', literal([{ a: 1 }], json()), { a: integer() })
    const f = tableFunction('f', 'pragma_table_info', ['users'], { name: text() })
    const one = only(users)
    return select({ v: v.id, n: n.value, e, r: r.a, f: f.name, o: collate(one.name, 'C') })
      .from(v)
      .crossJoin(n)
      .crossJoin(e)
      .crossJoin(r)
      .crossJoin(f)
      .crossJoin(one)
      .add(hint('x'))
      .add(prefix(sql`all`))
      .add(suffix(sql`limit 1`))
      .add(comment('*/'))
      .add(tags({ a: "'" }))
      .add(withCte(busy))
  })(),
  'PostgreSQL: the next of a sequence': select(nextValue(sequence('numbers'))),
  'fields of composite values': select(field(homes.home, address, 'zip')).from(homes),
  'PostgreSQL: locks': (() => {
    const sample = tableSample(users, 'system', 50, { seed: 1 })
    const last = lateral('last', select(posts.title).from(posts).where(posts.authorId.eq(sample.id)))
    return select({ id: sample.id, title: last.value })
      .from(sample)
      .join(last)
      .orderBy(sample.id)
      .add(fetchWithTies(2))
      .add(forUpdate({ of: sample, wait: 'nowait' }))
  })(),
  'PostgreSQL: groups': select({ a: users.id, b: grouping(users.id) })
    .from(users)
    .add(distinctOn(users.id))
    .groupBy(rollup(users.id, [users.name])),
  compound: select({ a: users.id })
    .from(users)
    .union(select({ a: orgs.id }).from(orgs).orderBy(orgs.id).limit(2))
    .orderBy((row) => row.a)
    .limit(5),
  'select from a query': (() => {
    const inner = select({ a: { b: users.id } })
      .from(users)
      .as('inner')
    return select({ x: inner.a.b, y: select(count()).from(orgs).where(orgs.id.eq(inner.a.b)).scalar() }).from(
      inner,
    )
  })(),
  insert: insert(users)
    .values([
      { id: 1, orgId: 2, name: 'x' },
      { id: 2, orgId: 2, name: "y'" },
    ])
    .onConflict(users.id)
    .doUpdate((t, excluded) => ({ name: t.name.concat(excluded.name) }))
    .where(users.active)
    .returning(users),
  'insert of expressions': insert(notes).values([{ id: 1, body: caseWhen(and(), 'x').else('y') }]),
  'insert from a query': insert(notes).fromSelect(select({ id: users.id, body: users.name }).from(users)),
  'insert of every type': insert(every).values({
    id: 1,
    bigint: 12345678901234567890n % 9000000000000000000n,
    bytes: new Uint8Array([0, 255]),
    timestamptz: new Date(0),
    double: -Infinity,
    json: { $ref: 1, kind: 'select', ['__proto__']: { a: [null, 1.5, '$bigint'] } },
    jsonb: [{ $bigint: '1' }, { $date: 0 }, { $record: [] }],
  }),
  update: update(users)
    .set({ score: users.score.add(1), nick: null })
    .from(orgs)
    .where(orgs.id.eq(users.orgId)),
  'update from a query': update(users.as('u'))
    .setFromSelect(select({ name: orgs.name, nick: orgs.name }).from(orgs))
    .everyRow(),
  'update of many rows': updateMany(
    users,
    [
      { id: 1, score: null },
      { id: 2, score: 5 },
    ],
    { key: 'id' },
  ),
  'defaults and versions': insert(users)
    .values({ id: 1, orgId: 1, name: 'x', active: defaultValue() })
    .onConflict(users.id)
    .doUpdate((_, excluded) => ({ name: excluded.name }))
    .returningOldAndNew((before, after) => ({ before, name: after.name })),
  merge: mergeInto(notes.as('n'))
    .using(users, users.id.eq(1))
    .whenMatched(users.active)
    .doUpdate({ body: users.name })
    .whenNotMatched()
    .doInsert({ id: users.id, body: 'x' })
    .whenNotMatchedBySource()
    .doDelete()
    .returning({ done: mergeAction(), id: users.id }),
  'a write with a comment': deleteFrom(notes)
    .where(notes.id.eq(1))
    .returning(notes)
    .add(comment('*/'))
    .add(tags({ a: "'" })),
  truncate: truncate([posts, notes], { restartIdentity: true, cascade: true }),
  delete: deleteFrom(users)
    .using(orgs)
    .where(users.id.eq(param('id', integer())))
    .returning({ id: users.id }),
  raw: sql.statement`select ${1} from ${users} where id = ${select(orgs.id).from(orgs)} and ${sql.identifier('a', 'b')}`,
  ddl: createTable(users),
  ...operatorStatements,
  values: select({
    a: literal(-0, integer()),
    b: literal(5n, bigint()),
    c: literal(new Uint8Array([1]), bytes()),
    d: literal(new Date(5), timestamptz()),
    e: literal({ b: [null] }, json()),
    f: literal('$ref', text()),
  }),
  typesWithCodecs: select({
    a: round(literal(2.345, double()), 2),
    b: literal('12.50', numeric({ precision: 4, scale: 2 })),
    c: literal(1.5, real()),
    d: literal('2026-11-21', date()),
    e: literal('6f9619ff-8b86-4d11-b42d-00cf4fc964ff', uuid()),
    f: literal([['1.5'], [null]], array(array(numeric()))),
  }),
}

const dialects = [postgresDialect, sqliteDialect]
/** What a dialect writes, or why it does not. */
function sqlOrError(statement: Statement<unknown>, dialect: Dialect): unknown {
  try {
    return statement.toSQL(dialect)
  } catch (error) {
    return (error as Error).message
  }
}
const copied = (value: unknown) => JSON.parse(JSON.stringify(value)) as Json

describe('a statement that went through JSON', () => {
  it.each(Object.entries(statements))('%s is the same statement', (_, statement) => {
    const read = fromJSON(copied(toJSON(statement))) as Statement<unknown>
    for (const dialect of dialects) {
      expect(sqlOrError(read, dialect)).toEqual(sqlOrError(statement, dialect))
    }
    expect(toJSON(read)).toEqual(toJSON(statement))
    expect(sameTree(read, statement)).toBe(true)
  })

  it('knows who is who: one source in two places is still one', () => {
    const read = fromJSON(copied(toJSON(statements.select as Statement<unknown>)))
    const sources = new Set<unknown>()
    walk(read, (node) => {
      if (node.kind === 'column') sources.add((node as unknown as { source: unknown }).source)
    })
    expect(sources.size).toBe(3)
  })

  it('can be built on', () => {
    const read = fromJSON(
      copied(toJSON(select({ a: count(users.id) }).from(users))),
    ) as unknown as ReturnType<typeof plain>
    const plain = () => select({ a: count(users.id) }).from(users)
    const more = (query: ReturnType<typeof plain>) => query.orderBy((row) => row.a.desc()).limit(2)
    expect(more(read).toSQL(postgresDialect)).toEqual(more(plain()).toSQL(postgresDialect))
  })

  it('has every kind of node in these tests', () => {
    const seen = new Set<string>()
    for (const statement of Object.values(statements)) {
      walk(statement, (node) => {
        seen.add(node.kind)
      })
    }
    // Those of schemas are read back in their own tests.
    const ddl =
      /^(add|alter|attach|create|commentOn|detach|drop|exclude|grant|index|partition|refresh|rename|rowSecurity|setSchema|tableDetails|unlessThere|validate)/
    const rest = [
      'output',
      'cast',
      'not',
      'negative',
      'inQuery',
      'unique',
      'check',
      'alias',
      'logical',
      'domainValue',
    ]
    const missing = Object.keys(nodeClasses).filter(
      (kind) => !seen.has(kind) && !ddl.test(kind) && !rest.includes(kind),
    )
    expect(missing).toEqual([])
  })
})

const frames: Readonly<Record<string, Statement<unknown>>> = {
  'range of whole numbers': select(
    count().over({ orderBy: users.id, range: { from: { preceding: 1 } } }),
  ).from(users),
  'range of great numbers': select(
    count().over({ orderBy: every.bigint.desc(), range: { from: { preceding: 1 } } }),
  ).from(every),
  'PostgreSQL: range of times': select(
    count().over({ orderBy: every.timestamptz, range: { from: { preceding: { days: 1 } } } }),
  ).from(every),
}

/** The JSON of a select whose clauses have been tampered with. */
function withClauses(change: (clauses: Json[]) => Json[]): unknown {
  const json = copied(toJSON(select(users).from(users).orderBy(users.id).limit(1))) as Record<string, Json>
  return { ...json, clauses: change(json.clauses as Json[]) }
}

const yes = { kind: 'constant', value: true, type: { name: 'boolean', family: 'boolean' } }
const anAggregate = {
  kind: 'aggregate',
  name: 'count',
  args: [],
  isDistinct: false,
  order: [],
  withinGroup: false,
  type: yes.type,
}
const aWindow = { kind: 'window', call: anAggregate, partitionBy: [], orderBy: [], type: yes.type }

const toJSONOf = (statement: Statement<unknown>) => toJSON(statement) as Readonly<Record<string, Json>>

describe('JSON that is no statement is refused by an error that says so', () => {
  it('of calls and windows, what is well-formed is taken', () => {
    const frame = { unit: 'rows', from: { preceding: 1 }, to: 'current row' }
    expect(fromJSON({ kind: 'call', name: 'f', args: [], type: yes.type }).kind).toBe('call')
    expect(fromJSON({ ...aWindow, frame }).kind).toBe('window')
  })

  it.each([
    ['null', null],
    ['a text', 'select 1'],
    ['a list', []],
    ['an unknown kind', { kind: 'dropDatabase' }],
    ['clauses in another order', withClauses((clauses) => clauses.reverse())],
    ['a clause twice', withClauses((clauses) => [...clauses, ...clauses.slice(-1)])],
    ['no kind', {}],
    ['a kind that every object has', { kind: 'constructor' }],
    ['__proto__ as a kind', JSON.parse('{"kind": "__proto__"}')],
    [
      'every row by a text',
      { ...toJSONOf(update(notes).set({ body: 'x' }).everyRow()), isEveryRow: 'false' },
    ],
    ['every row of a delete by a number', { ...toJSONOf(deleteFrom(notes).everyRow()), isEveryRow: 0 }],
    ['cascade by a text', { ...toJSONOf(truncate(notes)), cascade: 'no' }],
    ['truncate of nothing', { ...toJSONOf(truncate(notes)), tables: [] }],
    ['a reference to nothing', { $ref: 1 }],
    ['a reference to itself', { kind: 'not', $id: 1, operand: { $ref: 1 } }],
    ['a list of no nodes', { kind: 'logical', operator: 'and', operands: 'x' }],
    ['a missing child', { kind: 'not' }],
    ['SQL as a part of a time', { kind: 'extract', field: 'year from now()); --', operand: yes }],
    ['SQL as a unit of time', { kind: 'dateTrunc', unit: "day', now()); --", operand: yes }],
    [
      'SQL as a span',
      { kind: 'addInterval', operand: yes, span: { months: "1'", days: 0, milliseconds: 0 } },
    ],
    ['SQL as a template', { kind: 'toChar', operand: yes, template: "'); --" + 'x' }],
    ['SQL as a function', { kind: 'call', name: 'f(); --', args: [], type: yes.type }],
    ['SQL as an aggregate', { ...anAggregate, name: 'count(*); --' }],
    ['SQL as a frame', { ...aWindow, frame: { unit: 'rows) --', from: 'current row', to: 'current row' } }],
    ['SQL as a bound', { ...aWindow, frame: { unit: 'rows', from: '1) --', to: 'current row' } }],
    [
      'SQL as a distance',
      { ...aWindow, frame: { unit: 'rows', from: { preceding: '1) --' }, to: 'current row' } },
    ],
    [
      'SQL as what is left out',
      { ...aWindow, frame: { unit: 'rows', from: 'current row', to: 'current row', exclude: 'ties) --' } },
    ],
  ] as [string, Json][])('%s', (_, value) => {
    expect(() => fromJSON(value)).toThrow(expect.objectContaining({ code: 'invalid_json' }))
  })

  it('nested beyond all measure', () => {
    let value: Json = { kind: 'constant', value: true, type: { name: 'boolean', family: 'boolean' } }
    for (let i = 0; i < 200_000; i++) value = { kind: 'not', operand: value }
    expect(() => fromJSON(value)).toThrow(expect.objectContaining({ code: 'invalid_json' }))
  })

  it.each([
    ['fewer values than columns', insert(notes).values([{ id: 1, body: 'a' }]), 'values'],
    [
      'fewer expressions than columns',
      insert(notes).values([{ id: 1, body: users.name as never }]),
      'expressions',
    ],
  ])('%s', (_, statement, field) => {
    const whole = copied(toJSON(statement)) as { rows: Record<string, Json[]> }
    whole.rows[field]?.pop()
    for (const dialect of dialects) {
      expect(() => dialect.toSQL(fromJSON(whole as unknown as Json))).toThrow(
        expect.objectContaining({ code: 'malformed_tree', message: expect.stringMatching(/1 .* for 1 row/) }),
      )
    }
  })

  it('a delete whose condition became one that always holds', () => {
    const value = { ...toJSONOf(deleteFrom(notes).where(notes.id.eq(1))), condition: yes }
    const always = fromJSON(value as Json)
    for (const dialect of dialects) {
      expect(() => dialect.toSQL(always)).toThrow(expect.objectContaining({ code: 'no_where' }))
    }
  })

  it('an operator that every object has', () => {
    const one = toJSON(literal(1, integer()) as never)
    const value = {
      kind: 'binary',
      left: one,
      operator: 'constructor',
      right: one,
      type: { name: 'boolean', family: 'boolean' },
    }
    expect(() => fromJSON(value)).toThrow(expect.objectContaining({ code: 'unknown_operator' }))
  })

  /** Text that stands in SQL only where nothing in it is SQL: in quotation marks or in a comment. */
  const evil = `evil'"; drop -- */ $1 ? \\`
  const junk = fc.constantFrom<Json>(
    null,
    '',
    'x',
    evil,
    '__proto__',
    'constructor',
    0,
    -1,
    0.5,
    1e99,
    true,
    'false',
    [],
    [null],
    [evil],
    {},
    { [evil]: evil },
    { kind: 'table' },
    { kind: 'table', name: evil },
    { $ref: 1 },
    { $bigint: 'x' },
    { $bigint: '-5' },
    { $number: 'NaN' },
    { $date: 1e99 },
    { $bytes: evil },
    { $record: [['name', evil]] },
    { kind: 'constant', value: null, type: { name: 'toString', family: 'x' } },
    { name: evil, family: 'text' },
    { name: 'varchar', family: 'text', length: evil },
    { name: 'numeric', family: 'numeric', precision: evil },
    [[[]]],
  )
  /** What is done to a place of a tree: junk is put there, it is taken away, or what stands in another place is. */
  const damages = fc.array(
    fc.record({
      place: fc.nat(5000),
      put: fc.oneof(
        junk.map((value) => ({ value })),
        fc.nat(5000).map((copyOf) => ({ copyOf })),
        fc.constant(undefined),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  )

  type Place = { readonly holder: Record<string, unknown>; readonly key: string }
  function placesOf(value: unknown): readonly Place[] {
    if (typeof value !== 'object' || value === null) return []
    const holder = value as Record<string, unknown>
    return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesOf(holder[key])])
  }

  function damage(
    value: Json,
    place: number,
    put: { readonly value: Json } | { readonly copyOf: number } | undefined,
  ): void {
    const places = placesOf(value)
    if (places.length === 0) return
    const at = (number: number) => places[number % places.length] as Place
    const { holder, key } = at(place)
    if (put === undefined) {
      if (Array.isArray(holder)) holder.splice(Number(key), 1)
      else delete holder[key]
    } else if ('value' in put) holder[key] = copied(put.value)
    else holder[key] = copied(at(put.copyOf).holder[at(put.copyOf).key])
  }

  const quoted = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\/\*.*?\*\//gs

  it.each(Object.entries({ ...statements, ...frames }))('a damaged %s', (_, statement) => {
    const whole = toJSON(statement)
    // Raw SQL is written as it is, wherever it comes from.
    const isRaw = /"kind":"(raw|fragment|rawStatement)"/.test(JSON.stringify(whole))
    const nonsense = isRaw ? /undefined|\[object/ : /undefined|\[object|function |NaN|evil|drop --/
    fc.assert(
      fc.property(damages, fc.boolean(), (list, inline) => {
        const value = copied(whole)
        for (const { place, put } of list) damage(value, place, put)
        for (const dialect of dialects) {
          try {
            const read = fromJSON(value) as Statement<unknown>
            const { sql: written } = dialect.toSQL(read, { inline })
            expect(written.replace(quoted, '')).not.toMatch(nonsense)
          } catch (error) {
            if (!isEspalierError(error)) throw error
          }
        }
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 150), seed: Number(process.env.FUZZ_SEED ?? 2026) },
    )
  })
})
