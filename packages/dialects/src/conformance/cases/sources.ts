import {
  bigint,
  boolean,
  cast,
  count,
  date,
  generateSeries,
  integer,
  jsonb,
  jsonEach,
  jsonElements,
  jsonToRecordset,
  lateral,
  literal,
  numeric,
  only,
  select,
  tableFunction,
  tableSample,
  text,
  timestamptz,
  values,
} from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { orgs, people, posts, seenAt } from '../schema.js'

const wanted = values('wanted', { id: bigint().notNull(), label: text('the label') }, [
  { id: 3n, label: 'third' },
  { id: 1n, label: null },
])
const nobody = values('nobody', { id: bigint().notNull(), name: text() }, [])
const last = lateral(
  'last',
  select({ title: posts.title })
    .from(posts)
    .where(posts.authorId.eq(people.id))
    .orderBy(posts.id.desc())
    .limit(1),
)
const numbers = generateSeries('numbers', 1, 3)
const document = literal({ a: 1, b: true, c: 'x"y', d: null, e: [1, { f: 'g' }], 'h i': 1.5 }, jsonb())
const member = jsonEach('member', document)
const element = jsonElements('element', literal(['a', true, null, { b: [1] }, 7], jsonb()))
const half = tableSample(people, 'bernoulli', 100, { seed: 1 })
const alone = only(people)

export const sources: readonly CaseDefinition[] = [
  query(
    'values joined with a table',
    select({ name: people.name, label: wanted.label })
      .from(wanted)
      .join(people, people.id.eq(wanted.id))
      .orderBy(wanted.label),
    [
      { name: 'Cyd', label: 'third' },
      { name: 'Ann', label: null },
    ],
  ),
  query(
    'values of many types, NULL first',
    (() => {
      const v = values(
        'v',
        { a: integer(), b: numeric(), c: boolean(), d: date(), e: timestamptz(), f: jsonb(), g: bigint() },
        [
          { a: null, b: null, c: null, d: null, e: null, f: null, g: null },
          { a: 1, b: '1.5', c: true, d: '2026-01-02', e: seenAt, f: { x: 1 }, g: 2n ** 60n },
        ],
      )
      return select(v).from(v).orderBy(v.a)
    })(),
    [
      { a: 1, b: '1.5', c: true, d: '2026-01-02', e: seenAt, f: { x: 1 }, g: 2n ** 60n },
      { a: null, b: null, c: null, d: null, e: null, f: null, g: null },
    ],
  ),
  query(
    'values with expressions among them',
    (() => {
      const v = values('v', { n: integer().notNull() }, [
        { n: select(count()).from(posts).scalar() as never },
        { n: literal(2, integer()).add(5) },
      ])
      return select(v.n).from(v).orderBy(v.n)
    })(),
    [4, 7],
  ),
  query('no values', select(nobody).from(nobody), []),
  query(
    'values under another name, and missing in an outer join',
    (() => {
      const w = wanted.as('w')
      return select({ id: people.id, w })
        .from(people)
        .leftJoin(w, w.id.eq(people.id))
        .orderBy(people.id)
        .limit(2)
    })(),
    [
      { id: 1n, w: { id: 1n, label: null } },
      { id: 2n, w: null },
    ],
  ),
  query(
    'a lateral query sees the sources before it',
    select({ id: people.id, title: last.title }).from(people).leftJoin(last).orderBy(people.id),
    [
      { id: 1n, title: 'Beta' },
      { id: 2n, title: 'Gamma' },
      { id: 3n, title: 'alpha' },
      { id: 4n, title: null },
    ],
    { asks: 'lateral' },
  ),
  query(
    'a lateral query within a lateral query',
    (() => {
      const inner = lateral('inner', select({ twice: last.title.concat(people.name) }))
      const outer = lateral('outer', select({ twice: inner.twice }).from(last).join(inner))
      return select(outer.twice).from(people).join(outer).where(people.id.eq(2n))
    })(),
    ['GammaBob'],
    { asks: 'lateral' },
  ),
  query('a series of numbers', select(numbers.value).from(numbers).orderBy(numbers.value.desc()), [3, 2, 1]),
  query(
    'a series with a step, downwards, and of bigints',
    (() => {
      const down = generateSeries('down', 5n, 0n, -2n)
      return select(down).from(down).orderBy(down.value)
    })(),
    [{ value: 1n }, { value: 3n }, { value: 5n }],
  ),
  query(
    'a series that is empty',
    (() => {
      const none = generateSeries('none', 5, 1)
      return select(none).from(none)
    })(),
    [],
  ),
  query(
    'a series up to a column of the source before it',
    (() => {
      const upTo = generateSeries('up_to', 2, orgs.id)
      return select({ org: orgs.id, n: upTo.value }).from(orgs).leftJoin(upTo).orderBy(orgs.id, upTo.value)
    })(),
    [
      { org: 1, n: null },
      { org: 2, n: 2 },
      { org: 3, n: 2 },
      { org: 3, n: 3 },
    ],
  ),
  query('members of a JSON object', select(member).from(member).orderBy(member.key), [
    { key: 'a', value: 1 },
    { key: 'b', value: true },
    { key: 'c', value: 'x"y' },
    { key: 'd', value: null },
    { key: 'e', value: [1, { f: 'g' }] },
    { key: 'h i', value: 1.5 },
  ]),
  query('elements of a JSON array', select(element).from(element).orderBy(element.key), [
    { key: 0, value: 'a' },
    { key: 1, value: true },
    { key: 2, value: null },
    { key: 3, value: { b: [1] } },
    { key: 4, value: 7 },
  ]),
  query(
    'elements of documents of the source before them',
    (() => {
      const v = values('v', { id: integer().notNull(), tags: jsonb() }, [
        { id: 1, tags: ['a', 'b'] },
        { id: 2, tags: [] },
        { id: 3, tags: null },
      ])
      const tag = jsonElements('tag', v.tags)
      return select({ id: v.id, tag: tag.value }).from(v).leftJoin(tag).orderBy(v.id, tag.key)
    })(),
    [
      { id: 1, tag: 'a' },
      { id: 1, tag: 'b' },
      { id: 2, tag: null },
      { id: 3, tag: null },
    ],
  ),
  query(
    'records of a JSON array',
    (() => {
      const r = jsonToRecordset(
        'r',
        literal(
          [
            { id: 1, "it's": 'x', n: '1.5', on: true, day: '2026-01-02', doc: { a: [1] } },
            { id: 2, on: false },
          ],
          jsonb(),
        ),
        {
          id: integer().notNull(),
          name: text("it's"),
          n: numeric(),
          on: boolean(),
          day: date(),
          doc: jsonb(),
        },
      )
      return select(r).from(r).orderBy(r.id)
    })(),
    [
      { id: 1, name: 'x', n: '1.5', on: true, day: '2026-01-02', doc: { a: [1] } },
      { id: 2, name: null, n: null, on: false, day: null, doc: null },
    ],
  ),
  query(
    'a function by its name, with ordinality',
    (() => {
      const word = tableFunction(
        'word',
        'regexp_split_to_table',
        [cast(posts.title, text()), 'p'],
        { word: text().notNull(), at: integer().notNull() },
        { ordinality: true },
      )
      return select({ word: word.word, at: word.at })
        .from(posts)
        .join(word)
        .where(posts.id.eq(1n))
        .orderBy(word.at)
    })(),
    [
      { word: 'Al', at: 1 },
      { word: 'ha', at: 2 },
    ],
    { asks: 'lateral' },
  ),
  query('a table alone', select(alone.name).from(alone).where(alone.id.eq(1n)), ['Ann']),
  query(
    'a table alone under another name',
    (() => {
      const other = alone.as('other')
      return select(other.name).from(other).where(other.id.eq(1n))
    })(),
    ['Ann'],
  ),
  query('a sample', select({ n: count(half.id) }).from(half), [{ n: 4 }], { asks: 'tableSample' }),
]
