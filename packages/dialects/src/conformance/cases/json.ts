import {
  bigint,
  caseWhen,
  date,
  double,
  insert,
  integer,
  json,
  jsonArray,
  jsonb,
  jsonHasAllKeys,
  jsonHasAnyKey,
  jsonHasKey,
  jsonLength,
  jsonObject,
  jsonOf,
  jsonRemove,
  jsonSet,
  jsonType,
  literal,
  numeric,
  select,
  timestamptz,
  update,
} from '@espalier/core'
import { type CaseDefinition, query, steps } from '../case.js'
import { people, samples } from '../schema.js'

interface Settings {
  readonly theme: 'dark' | 'light'
  readonly size: number
  readonly beta: boolean
  readonly list: readonly (number | string | boolean | null | { readonly a: number })[]
  readonly deep: { readonly born: string; readonly at: string; readonly price: string }
  readonly none: null
  readonly missing?: string
  readonly 'a.b "c" \\ $[0] é \' ?': string
}
const content: Settings = {
  theme: 'dark',
  size: 1.5,
  beta: true,
  list: [1, 'two', false, null, { a: 5 }],
  deep: { born: '2000-02-29', at: '2026-01-02T03:04:05.678Z', price: '12.50' },
  none: null,
  'a.b "c" \\ $[0] é \' ?': 'odd',
}

const documents = {
  json: literal(content, json<Settings>()),
  jsonb: literal(content, jsonb<Settings>()),
}

function casesOf(name: keyof typeof documents): readonly CaseDefinition[] {
  const document = documents[name]
  const at = jsonOf(document)
  return [
    query(
      `${name}: parts as JSON`,
      select({
        all: at,
        theme: at.get('theme'),
        size: at.get('size'),
        beta: at.get('beta'),
        list: at.get('list'),
        first: at.get('list').at(0),
        last: at.get('list').at(-1),
        inner: at
          .get('list')
          .at(4)
          .get('a' as never),
        beyond: at.get('list').at(9),
        none: at.get('none'),
        missing: at.get('missing'),
        odd: at.get('a.b "c" \\ $[0] é \' ?'),
      }),
      [
        {
          all: content,
          theme: 'dark',
          size: 1.5,
          beta: true,
          list: content.list,
          first: 1,
          last: { a: 5 },
          inner: 5 as never,
          beyond: null,
          none: null,
          missing: null,
          odd: 'odd',
        },
      ],
    ),
    query(
      `${name}: parts as values`,
      select({
        theme: at.get('theme').text(),
        size: at.get('size').number(),
        half: at.get('list').at(0).number().div(2),
        whole: at.get('list').at(0).integer().add(1),
        big: at.get('list').at(0).as(bigint()),
        beta: at.get('beta').boolean(),
        no: at.get('list').at(2).boolean(),
        born: at.get('deep').get('born').as(date()),
        at: at.get('deep').get('at').as(timestamptz()),
        price: at.get('deep').get('price').as(numeric()),
        ratio: at.get('size').as(double()),
        none: at.get('none').text(),
        noNumber: at.get('missing' as 'size').number(),
        noBoolean: at.get('missing' as 'beta').boolean(),
        odd: at.get('a.b "c" \\ $[0] é \' ?').text(),
      }),
      [
        {
          theme: 'dark',
          size: 1.5,
          half: 0.5,
          whole: 2,
          big: 1n,
          beta: true,
          no: false,
          born: '2000-02-29',
          at: new Date('2026-01-02T03:04:05.678Z'),
          price: '12.5',
          ratio: 1.5,
          none: null,
          noNumber: null as never,
          noBoolean: null as never,
          odd: 'odd',
        },
      ],
    ),
    query(
      `${name}: what is no text as text`,
      select({
        size: at.get('size').text(),
        beta: at.get('beta').text(),
        no: at.get('list').at(2).text(),
        none: at.get('list').at(3).text(),
        two: at.get('list').at(1).text().concat('!'),
      }),
      [{ size: '1.5' as never, beta: 'true' as never, no: 'false', none: null, two: 'two!' }],
    ),
    query(
      `${name}: parts in conditions`,
      select(people.name)
        .from(people)
        .where(
          at.get('theme').text().eq('dark'),
          at.get('beta').boolean(),
          at.get('size').number().between(1, 2),
          at.get('missing').isNull(),
          at.get('list').isNotNull(),
          people.id.eq(1n),
        ),
      ['Ann'],
    ),
    query(
      `${name}: keys`,
      select({
        yes: jsonHasKey(document, 'none'),
        no: jsonHasKey(document, 'missing'),
        odd: jsonHasKey(document, 'a.b "c" \\ $[0] é \' ?'),
        element: jsonHasKey(at.get('list'), 'two'),
        place: jsonHasKey(at.get('list'), '0'),
        scalar: jsonHasKey(at.get('theme'), 'dark'),
        any: jsonHasAnyKey(document, ['x', 'theme']),
        all: jsonHasAllKeys(document, ['x', 'theme']),
        noneOf: jsonHasAnyKey(document, []),
        allOf: jsonHasAllKeys(document, []),
        ofNull: jsonHasKey(at.get('missing'), 'x'),
        not: jsonHasKey(document, 'x').not(),
      }),
      [
        {
          yes: true,
          no: false,
          odd: true,
          element: true,
          place: false,
          scalar: true,
          any: true,
          all: false,
          noneOf: false,
          allOf: true,
          ofNull: null,
          not: true,
        },
      ],
    ),
    query(
      `${name}: kinds and lengths`,
      select({
        object: jsonType(document),
        array: jsonType(at.get('list')),
        string: jsonType(at.get('theme')),
        real: jsonType(at.get('size')),
        number: jsonType(at.get('list').at(0)),
        boolean: jsonType(at.get('beta')),
        none: jsonType(at.get('none')),
        missing: jsonType(at.get('missing')),
        length: jsonLength(at.get('list')),
      }),
      [
        {
          object: 'object',
          array: 'array',
          string: 'string',
          real: 'number',
          number: 'number',
          boolean: 'boolean',
          none: 'null',
          missing: null,
          length: 5,
        },
      ],
    ),
    query(
      `${name}: changes`,
      select({
        set: jsonSet(at.get('deep'), 'born', 'x'),
        add: jsonSet(at.get('deep'), 'new', { a: [true, null] }),
        none: jsonSet(at.get('deep'), ['born'], null),
        text: jsonSet(at.get('deep'), 'born', people.name),
        boolean: jsonSet(at.get('deep'), 'born', people.active),
        ofNull: jsonSet(at.get('deep'), 'born', people.orgId),
        document: jsonSet(at.get('deep'), 'born', at.get('beta')),
        inner: jsonOf(jsonSet(document, ['list', 4, 'a'], 6)).get('list'),
        place: jsonOf(jsonSet(document, ['list', 0], 'one'))
          .get('list')
          .at(0),
        behind: jsonSet(at.get('list'), 9, 'new'),
        lost: jsonSet(at.get('deep'), ['no', 'way'], 1),
        remove: jsonRemove(at.get('deep'), 'born'),
        removeAt: jsonRemove(at.get('list'), -1),
        removeDeep: jsonOf(jsonRemove(document, ['list', 4, 'a']))
          .get('list')
          .at(4),
        removeNone: jsonRemove(at.get('deep'), 'x'),
      })
        .from(people)
        .where(people.id.eq(4n)),
      [
        {
          set: { ...content.deep, born: 'x' },
          add: { ...content.deep, new: { a: [true, null] } } as Settings['deep'],
          none: { ...content.deep, born: null } as never,
          text: { ...content.deep, born: 'dan' },
          boolean: { ...content.deep, born: true } as never,
          ofNull: { ...content.deep, born: null } as never,
          document: { ...content.deep, born: true } as never,
          inner: [1, 'two', false, null, { a: 6 }],
          place: 'one',
          behind: [...content.list, 'new'],
          lost: content.deep,
          remove: { at: content.deep.at, price: content.deep.price } as never,
          removeAt: content.list.slice(0, -1),
          removeDeep: {} as never,
          removeNone: content.deep,
        },
      ],
    ),
  ]
}

export const jsonDocuments: readonly CaseDefinition[] = [
  ...casesOf('json'),
  ...casesOf('jsonb'),
  query(
    'objects and arrays of values and expressions',
    select({
      object: jsonObject({
        name: people.name,
        score: people.score,
        rate: people.rate,
        active: people.active,
        not: people.active.not(),
        born: people.born,
        text: 'x',
        number: 1.5,
        yes: true,
        none: null,
        inner: jsonObject({ list: jsonArray(1, people.nick, jsonArray()) }),
        value: { a: ["it's", null] },
        cased: caseWhen(people.active, 1).else(0),
      }),
      empty: jsonObject({}),
      odd: jsonObject({ "a\"b\\c 'd' é": 1 }),
    })
      .from(people)
      .where(people.id.in([1n, 2n]))
      .orderBy(people.id),
    [
      {
        object: {
          name: 'Ann',
          score: 10,
          rate: 1.5,
          active: true,
          not: false,
          born: '1990-01-31',
          text: 'x',
          number: 1.5,
          yes: true,
          none: null,
          inner: { list: [1, 'A', []] },
          value: { a: ["it's", null] },
          cased: 1,
        },
        empty: {},
        odd: { "a\"b\\c 'd' é": 1 },
      },
      {
        object: {
          name: 'Bob',
          score: 7,
          rate: -2.25,
          active: false,
          not: true,
          born: null,
          text: 'x',
          number: 1.5,
          yes: true,
          none: null,
          inner: { list: [1, null, []] },
          value: { a: ["it's", null] },
          cased: 0,
        },
        empty: {},
        odd: { "a\"b\\c 'd' é": 1 },
      },
    ],
  ),
  steps('a stored document is changed in its place', async ({ on, equal, rows, through }) => {
    await on.run(through(insert(samples).values({ id: 1, jsonb: { n: 1, list: [1] }, json: { n: 1 } })))
    const change = update(samples)
      .set((t) => ({
        jsonb: jsonSet(jsonSet(t.jsonb, ['list', 1], { b: [true] }), 'n', 2),
      }))
      .where(jsonOf(samples.json).get('n').integer().eq(1))
    equal((await on.run(through(change))).affected, 1, 'the number of affected rows')
    await rows(
      select({ jsonb: samples.jsonb, ofNull: jsonOf(samples.jsonb).get('x').get('y') }).from(samples),
      [{ jsonb: { n: 2, list: [1, { b: [true] }] }, ofNull: null }],
    )
  }),
  query(
    'grouped and ordered by a part of a document',
    (() => {
      const n = jsonOf(jsonObject({ n: people.orgId }))
        .get('n')
        .as(integer())
      return select({ n }).from(people).groupBy(n).orderBy(n.desc())
    })(),
    [{ n: null }, { n: 2 }, { n: 1 }],
  ),
]
