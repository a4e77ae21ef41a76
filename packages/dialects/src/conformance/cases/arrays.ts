import {
  array,
  arrayAgg,
  arrayAppend,
  arrayConcat,
  arrayContainedBy,
  arrayContains,
  arrayFrom,
  arrayLength,
  arrayOf,
  arrayOverlaps,
  arrayPosition,
  arrayPrepend,
  arrayRemove,
  arrayReplace,
  arraySet,
  arraySlice,
  arrayToString,
  bigint,
  boolean,
  bytes,
  coalesce,
  count,
  double,
  elementAt,
  eqAny,
  gtAny,
  gteAll,
  integer,
  jsonb,
  literal,
  ltAll,
  neAll,
  neAny,
  numeric,
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
const withNull = literal(['a', null, 'b'], array(text()))
const ids = literal([2n, 1n], array(bigint().notNull()))
const grid = literal(
  [
    [1, 2],
    [3, 4],
  ],
  array(array(integer().notNull()).notNull()),
)

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
  ),
  query(
    'an array of the values of a group, with NULL',
    select(arrayAgg(people.score, { nulls: 'keep' }).orderBy(people.id)).from(people),
    [[10, 7, null, -7]],
  ),
  query(
    'an array of different values, filtered',
    select({
      likes: arrayAgg(posts.likes).distinct().orderBy(posts.likes),
      some: arrayAgg(posts.title).orderBy(posts.id).filter(posts.likes.gt(0)),
      none: coalesce(arrayAgg(posts.title).filter(posts.likes.gt(9)), []),
    }).from(posts),
    [{ likes: [0, 3, 5], some: ['Alpha', 'Beta', 'alpha'], none: [] }],
  ),
  query(
    'an array of the rows of a window',
    select(arrayAgg(posts.id).over({ partitionBy: posts.authorId, orderBy: posts.id }))
      .from(posts)
      .orderBy(posts.id),
    [[1n], [1n, 2n], [3n], [4n]],
  ),
  query(
    'an array of times',
    select(arrayAgg(people.seenAt).orderBy(people.id)).from(people).where(people.id.eq(1n)),
    [[seenAt]],
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
  ),
  query(
    'elements replaced, and texts cut',
    select({ replaced: arrayReplace(letters, 'b', 'x'), cut: stringToArray(people.name, 'n') })
      .from(people)
      .where(people.id.eq(1n)),
    [{ replaced: ['a', 'x', 'c'], cut: ['A', '', ''] }],
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
  query(
    'tests of arrays, where NULL equals nothing',
    select({
      contains: arrayContains(letters, ['a', 'c', 'a']),
      containsNot: arrayContains(letters, ['a', 'x']),
      containsNull: arrayContains(withNull, [null]),
      containsNone: arrayContains(withNull, []),
      isWithin: arrayContainedBy(letters, ['c', 'b', 'a', 'x']),
      overlaps: arrayOverlaps(letters, ['x', 'c']),
      overlapsNot: arrayOverlaps(withNull, [null]),
      unknown: arrayOverlaps(arraySlice(letters, 1, people.orgId), ['a']),
      grid: arrayContains(grid, [[4, 1]]),
      equal: letters.eq(['a', 'b', 'c']),
      among: letters.in([['a'], ['a', 'b', 'c']]),
      other: letters.ne(['c', 'b', 'a']),
    })
      .from(people)
      .where(people.id.eq(4n)),
    [
      {
        contains: true,
        containsNot: false,
        containsNull: false,
        containsNone: true,
        isWithin: true,
        overlaps: true,
        overlapsNot: false,
        unknown: null,
        grid: true,
        equal: true,
        among: true,
        other: true,
      },
    ],
  ),
  query(
    'functions of arrays',
    select({
      length: arrayLength(letters),
      lengthOfGrid: arrayLength(grid),
      ofNone: arrayLength(literal([], array(text()))),
      ofNull: arrayLength(arraySlice(letters, 1, people.orgId)),
      joined: arrayConcat(letters, ['d']),
      joinedGrid: arrayConcat(grid, [[5, 6]]),
      joinedToNull: arrayConcat(arraySlice(letters, 1, people.orgId), ['d']),
      behind: arrayAppend(withNull, null),
      before: arrayPrepend('z', letters),
      without: arrayRemove(withNull, null),
      replaced: arrayReplace(withNull, null, 'n'),
      place: arrayPosition(withNull, 'b'),
      placeOfNull: arrayPosition(withNull, null),
      noPlace: arrayPosition(withNull, 'x'),
      text: arrayToString(withNull, ', '),
      textOfNone: arrayToString(literal([], array(text())), ', '),
      second: elementAt(letters, 2, text()),
      beyond: elementAt(letters, 9, text()),
      byRow: elementAt(letters, people.orgId, text()),
      cut: stringToArray(literal('a\nb,,c,', text()), ','),
      uncut: stringToArray(literal('abc', text()), ''),
      cutNone: stringToArray(literal('', text()), ','),
    })
      .from(people)
      .where(people.id.eq(4n)),
    [
      {
        length: 3,
        lengthOfGrid: 4,
        ofNone: 0,
        ofNull: null,
        joined: ['a', 'b', 'c', 'd'],
        joinedGrid: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        joinedToNull: ['d'],
        behind: ['a', null, 'b', null],
        before: ['z', 'a', 'b', 'c'],
        without: ['a', 'b'],
        replaced: ['a', 'n', 'b'],
        place: 3,
        placeOfNull: 2,
        noPlace: null,
        text: 'a, b',
        textOfNone: '',
        second: 'b',
        beyond: null,
        byRow: null,
        cut: ['a\nb', '', 'c', ''],
        uncut: ['abc'],
        cutNone: [],
      },
    ],
  ),
  query(
    'comparisons with the elements of an array',
    select({
      id: people.id,
      is: eqAny(people.id, ids),
      isNot: neAll(people.id, ids),
      more: gtAny(people.id, ids),
      most: gteAll(people.id, ids),
      other: neAny(people.id, ids),
      maybe: eqAny(people.name, arrayOf(text(), 'Ann', null)),
      least: ltAll(people.name, arrayOf(text(), 'Bob', null)),
      unknown: eqAny(literal('a', text()), arraySlice(letters, 1, people.orgId)),
    })
      .from(people)
      .where(people.id.in([1n, 4n]))
      .orderBy(people.id),
    [
      {
        id: 1n,
        is: true,
        isNot: false,
        more: false,
        most: false,
        other: true,
        maybe: true,
        least: null,
        unknown: true,
      },
      {
        id: 4n,
        is: false,
        isNot: true,
        more: true,
        most: true,
        other: true,
        maybe: null,
        least: false,
        unknown: null,
      },
    ],
  ),
  query(
    'elements of every kind, made of columns and taken out again',
    select({
      bytes: elementAt(arrayOf(bytes(), new Uint8Array([0, 255])), 1, bytes()),
      appended: arrayAppend(literal([], array(bytes())), new Uint8Array([1])),
      times: arrayOf(timestamptz(), people.seenAt, seenAt),
      bigints: arrayOf(bigint(), 9223372036854775807n, people.id),
      doubles: arrayReplace(literal([1, 0.1, 5e-324], array(double())), 0.1, 2),
      half: elementAt(literal([1], array(double())), 1, double()).div(2),
      decimals: arrayOf(numeric(), literal('0.1', numeric()).add('0.2'), '12.50'),
      same: arrayOf(numeric(), literal('0.1', numeric()).add('0.2')).eq(['0.3']),
      flags: arrayOf(boolean(), people.active, false),
      documents: arrayOf(jsonb<unknown>(), literal({ a: [1] }, jsonb()), literal('x', jsonb())),
    })
      .from(people)
      .where(people.id.eq(1n)),
    [
      {
        bytes: new Uint8Array([0, 255]),
        appended: [new Uint8Array([1])],
        times: [seenAt, seenAt],
        bigints: [9223372036854775807n, 1n],
        doubles: [1, 2, 5e-324],
        half: 0.5,
        decimals: ['0.3', '12.5'],
        same: true,
        flags: [true, false],
        documents: [{ a: [1] }, 'x'],
      },
    ],
  ),
  query(
    'elements of an array as rows of a subquery',
    (() => {
      const letter = unnest('letter', { is: text().notNull() }, { is: letters }, { ordinality: 'n' })
      const found = select({ is: letter.is, n: letter.n, id: people.id })
        .from(people)
        .join(letter)
        .where(letter.n.gt(1), people.id.lte(2n))
        .as('found')
      return select({ is: found.is, ids: arrayAgg(found.id).orderBy(found.id) })
        .from(found)
        .groupBy(found.is)
        .orderBy(found.is)
    })(),
    [
      { is: 'b', ids: [1n, 2n] },
      { is: 'c', ids: [1n, 2n] },
    ],
  ),
  steps('an array by name', async ({ on, equal }) => {
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
  }),
]
