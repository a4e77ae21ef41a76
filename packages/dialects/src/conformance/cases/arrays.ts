import {
  array,
  arrayAgg,
  arrayFrom,
  arrayOf,
  arrayReplace,
  arraySet,
  arraySlice,
  bigint,
  coalesce,
  count,
  integer,
  literal,
  param,
  select,
  stringToArray,
  text,
  timestamptz,
  unnest,
} from '@espalier/core'
import { type CaseDefinition, query, steps } from '../case.js'
import { people, posts, seenAt } from '../schema.js'

const asks = { asks: 'arrays' } as const
const pairs = unnest(
  'pairs',
  { id: bigint().notNull(), note: text() },
  { id: [2n, 1n, 3n], note: ['b', null, 'it\'s "c", {d}\\'] },
  { ordinality: 'n' },
)
const letters = arrayOf(text(), 'a', 'b', 'c')

export const arrays: readonly CaseDefinition[] = [
  query(
    'an array of the values of a group, in order, without NULL',
    select({ org: people.orgId, scores: arrayAgg(people.score).orderBy(people.id.desc()) })
      .from(people)
      .groupBy(people.orgId)
      .orderBy(people.orgId),
    [
      { org: 1, scores: [7, 10] },
      { org: 2, scores: null },
      { org: null, scores: [-7] },
    ],
    asks,
  ),
  query(
    'an array of the values of a group, with NULL',
    select(arrayAgg(people.score, { nulls: 'keep' }).orderBy(people.id)).from(people),
    [[10, 7, null, -7]],
    asks,
  ),
  query(
    'an array of different values, filtered',
    select({
      likes: arrayAgg(posts.likes).distinct().orderBy(posts.likes),
      some: arrayAgg(posts.title).orderBy(posts.id).filter(posts.likes.gt(0)),
      none: coalesce(arrayAgg(posts.title).filter(posts.likes.gt(9)), []),
    }).from(posts),
    [{ likes: [0, 3, 5], some: ['Alpha', 'Beta', 'alpha'], none: [] }],
    asks,
  ),
  query(
    'an array of the rows of a window',
    select(arrayAgg(posts.id).over({ partitionBy: posts.authorId, orderBy: posts.id }))
      .from(posts)
      .orderBy(posts.id),
    [[1n], [1n, 2n], [3n], [4n]],
    asks,
  ),
  query(
    'an array of times',
    select(arrayAgg(people.seenAt).orderBy(people.id)).from(people).where(people.id.eq(1n)),
    [[seenAt]],
    asks,
  ),
  query(
    'an array of the rows of a query',
    select({
      name: people.name,
      titles: arrayFrom(
        select(posts.title).from(posts).where(posts.authorId.eq(people.id)).orderBy(posts.id),
      ),
    })
      .from(people)
      .where(people.id.in([1n, 4n]))
      .orderBy(people.id),
    [
      { name: 'Ann', titles: ['Alpha', 'Beta'] },
      { name: 'dan', titles: [] },
    ],
    asks,
  ),
  query(
    'arrays with another element',
    select({
      first: arraySet(letters, 1, 'x'),
      last: arraySet(letters, 3, 'y'),
      behind: arraySet(letters, 9, 'x'),
      ofNone: arraySet(literal([], array(integer())), 5, null),
      ofNull: arraySet(arraySlice(letters, 1, people.orgId), 2, 'x'),
    })
      .from(people)
      .where(people.id.eq(4n)),
    [
      {
        first: ['x', 'b', 'c'],
        last: ['a', 'b', 'y'],
        behind: ['a', 'b', 'c', 'x'],
        ofNone: [null],
        ofNull: ['x'],
      },
    ],
    asks,
  ),
  query(
    'slices of arrays',
    select({
      two: arraySlice(letters, 1, 2),
      rest: arraySlice(letters, 3),
      outside: arraySlice(letters, 7, 9),
      rows: arraySlice(literal([[1], [2], [3]], array(array(integer().notNull()).notNull())), 2, 3),
      by: arraySlice(letters, people.orgId, people.orgId),
    })
      .from(people)
      .where(people.id.in([3n, 4n]))
      .orderBy(people.id),
    [
      { two: ['a', 'b'], rest: ['c'], outside: [], rows: [[2], [3]], by: ['b'] },
      { two: ['a', 'b'], rest: ['c'], outside: [], rows: [[2], [3]], by: null },
    ],
    asks,
  ),
  query(
    'elements replaced, and texts cut',
    select({ replaced: arrayReplace(letters, 'b', 'x'), cut: stringToArray(people.name, 'n') })
      .from(people)
      .where(people.id.eq(1n)),
    [{ replaced: ['a', 'x', 'c'], cut: ['A', '', ''] }],
    asks,
  ),
  query(
    'the elements of an array of the program as rows',
    select(people.name).from(people).join(pairs, pairs.id.eq(people.id)).orderBy(pairs.n),
    ['Bob', 'Ann', 'Cyd'],
  ),
  query('several arrays side by side, counted', select(pairs).from(pairs).orderBy(pairs.n), [
    { id: 2n, note: 'b', n: 1 },
    { id: 1n, note: null, n: 2 },
    { id: 3n, note: 'it\'s "c", {d}\\', n: 3 },
  ]),
  query(
    'arrays of no elements',
    select(count()).from(unnest('none', { at: timestamptz().notNull() }, { at: [] })),
    [0],
  ),
  query(
    'the elements of an array of each row',
    (() => {
      const part = unnest(
        'part',
        { text: text().notNull() },
        { text: stringToArray(posts.title, 'l') },
        { ordinality: 'at' },
      )
      return select({ id: posts.id, part: part.text, at: part.at })
        .from(posts)
        .join(part)
        .where(posts.id.lte(2n))
        .orderBy(posts.id, part.at)
    })(),
    [
      { id: 1n, part: 'A', at: 1 },
      { id: 1n, part: 'pha', at: 2 },
      { id: 2n, part: 'Beta', at: 1 },
    ],
    asks,
  ),
  query(
    'a row without elements, in an outer join',
    (() => {
      const part = unnest('part', { text: text().notNull() }, { text: arraySlice(letters, posts.likes) })
      return select({ id: posts.id, part: part.text })
        .from(posts)
        .leftJoin(part)
        .where(posts.likes.gt(0))
        .orderBy(posts.id, part.text)
    })(),
    [
      { id: 1n, part: null },
      { id: 2n, part: 'c' },
      { id: 4n, part: null },
    ],
    asks,
  ),
  query(
    'arrays of different lengths end in NULL',
    (() => {
      const both = unnest(
        'both',
        { letter: text().notNull(), number: integer().notNull() },
        { letter: letters, number: arrayOf(integer(), 1) },
      )
      return select(both).from(both).orderBy(both.letter)
    })(),
    [
      { letter: 'a', number: 1 },
      { letter: 'b', number: null },
      { letter: 'c', number: null },
    ],
    asks,
  ),
  steps(
    'an array by name',
    async ({ on, equal }) => {
      const wanted = unnest(
        'wanted',
        { id: bigint().notNull() },
        { id: param('ids', array(bigint().notNull())) },
      )
      const names = on.prepare(
        select(people.name).from(people).join(wanted, wanted.id.eq(people.id)).orderBy(people.id),
      )
      equal(await names.all({ ids: [3n, 1n] }), ['Ann', 'Cyd'], 'the names')
      equal(await names.all({ ids: [] }), [], 'none')
    },
    asks,
  ),
]
