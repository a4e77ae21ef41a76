import {
  avg,
  boolAnd,
  boolOr,
  coalesce,
  count,
  jsonArrayAgg,
  jsonb,
  jsonObjectAgg,
  literal,
  lower,
  max,
  min,
  select,
  stringAgg,
  substring,
  sum,
} from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { orgs, people, posts } from '../schema.js'

export const aggregates: readonly CaseDefinition[] = [
  query('count of rows is a number', select({ n: count() }).from(people), [{ n: 4 }]),
  query('count of values leaves out NULL', select({ n: count(people.score) }).from(people), [{ n: 3 }]),
  query('count of different values', select({ n: count(posts.likes).distinct() }).from(posts), [{ n: 3 }], {
    needs: ['distinct aggregates'],
  }),
  query(
    'sums have the type of their parts',
    select({
      integer: sum(people.score),
      bigint: sum(people.id),
      numeric: sum(people.price),
      real: sum(people.rate),
    }).from(people),
    [{ integer: 10, bigint: 10n, numeric: '7.6', real: -0.75 }],
  ),
  query(
    'aggregates over no rows are null, but for count',
    select({
      n: count(),
      sum: sum(people.score),
      avg: avg(people.score),
      min: min(people.name),
      max: max(people.born),
      zero: coalesce(sum(people.score), 0),
    })
      .from(people)
      .where(people.id.lt(0n)),
    [{ n: 0, sum: null, avg: null, min: null, max: null, zero: 0 }],
  ),
  query('the mean of integers has a fraction', select({ avg: avg(posts.likes) }).from(posts), [
    { avg: 3.25 },
  ]),
  query(
    'smallest and greatest values of their types',
    select({
      score: min(people.score),
      name: max(people.name),
      born: min(people.born),
      seen: max(people.seenAt),
      price: max(people.price),
      id: min(people.id),
    }).from(people),
    [
      {
        score: -7,
        name: 'dan',
        born: '1989-12-31',
        seen: new Date('2026-01-02T03:04:05.678Z'),
        price: '10.50',
        id: 1n,
      },
    ],
  ),
  query(
    'smallest and greatest booleans',
    select({ all: min(people.active), any: max(people.active) }).from(people),
    [{ all: false, any: true }],
  ),
  query(
    'groups, with a condition on them',
    select({ org: orgs.name, n: count(people.id), top: max(people.score) })
      .from(orgs)
      .join(people)
      .groupBy(orgs.name)
      .having(count().gt(1))
      .orderBy(orgs.name),
    [{ org: 'Acme', n: 2, top: 10 }],
  ),
  query(
    'groups by a column of the selection',
    select({ initial: lower(substring(posts.title, 1, 1)), n: count() })
      .from(posts)
      .groupBy((row) => row.initial)
      .orderBy((row) => [row.n.desc(), row.initial]),
    [
      { initial: 'a', n: 2 },
      { initial: 'b', n: 1 },
      { initial: 'g', n: 1 },
    ],
  ),
  query(
    'groups by an expression with values',
    (() => {
      const initial = lower(substring(posts.title, 1, 1))
      return select({ initial, n: count() }).from(posts).groupBy(initial).orderBy(initial)
    })(),
    [
      { initial: 'a', n: 2 },
      { initial: 'b', n: 1 },
      { initial: 'g', n: 1 },
    ],
  ),
  query(
    'groups by an expression like one of the selection',
    select({ initial: lower(substring(posts.title, 1, 1)), n: count() })
      .from(posts)
      .groupBy(lower(substring(posts.title, 1, 1)))
      .orderBy(lower(substring(posts.title, 1, 1)).desc()),
    [
      { initial: 'g', n: 1 },
      { initial: 'b', n: 1 },
      { initial: 'a', n: 2 },
    ],
  ),
  query(
    'an aggregate over some of the rows',
    select({
      many: count().filter(posts.likes.gt(3)),
      sum: sum(posts.likes).filter(posts.likes.lt(5), posts.likes.gt(0)),
    }).from(posts),
    [{ many: 2, sum: 3 }],
    { needs: ['filtered aggregates'] },
  ),
  query(
    'arithmetic with aggregates',
    select({ n: count().add(1), half: sum(posts.likes).div(2), more: count(posts.id).gt(3) }).from(posts),
    [{ n: 5, half: 6, more: true }],
  ),
  query(
    'NULL is a group',
    select({ org: people.orgId, n: count() }).from(people).groupBy(people.orgId).orderBy(people.orgId),
    [
      { org: 1, n: 2 },
      { org: 2, n: 1 },
      { org: null, n: 1 },
    ],
  ),
  query(
    'whether a predicate holds for all rows, or for any',
    select({
      all: boolAnd(posts.likes.gte(0)),
      notAll: boolAnd(posts.likes.gt(0)),
      any: boolOr(posts.likes.gt(4)),
      none: boolOr(posts.likes.gt(5)),
      unknown: boolAnd(posts.likes.gt(0)).filter(posts.likes.gt(99)),
    }).from(posts),
    [{ all: true, notAll: false, any: true, none: false, unknown: null }],
    { needs: ['filtered aggregates'] },
  ),
  query(
    'texts joined in an order',
    select({
      down: stringAgg(posts.title, ', ').orderBy(posts.id.desc()),
      twoKeys: stringAgg(posts.title, '').orderBy(posts.likes, posts.id.desc()),
      different: stringAgg(people.nick, ',').distinct().orderBy(people.nick),
      none: stringAgg(posts.title, '').filter(posts.likes.gt(99)),
    })
      .from(posts)
      .join(people, people.id.eq(posts.authorId)),
    [
      {
        down: 'alpha, Gamma, Beta, Alpha',
        twoKeys: 'GammaBetaalphaAlpha',
        different: 'A,a%b_c\\d',
        none: null,
      },
    ],
    { needs: ['filtered aggregates', 'distinct aggregates'] },
  ),
  query(
    'values of rows as JSON',
    select({
      names: jsonArrayAgg(people.name).orderBy(people.id),
      scores: jsonArrayAgg(people.score).orderBy(people.id.desc()),
      active: jsonArrayAgg(people.active).orderBy(people.id),
      born: jsonArrayAgg(people.born).orderBy(people.born),
      rates: jsonArrayAgg(people.rate).orderBy(people.id).filter(people.rate.ne(0)),
      different: jsonArrayAgg(people.active).distinct().orderBy(people.active),
      byName: jsonObjectAgg(people.name, people.score),
      flags: jsonObjectAgg(people.name, people.active).filter(people.id.lte(2n)),
      none: jsonArrayAgg(people.name).filter(people.id.lt(0n)),
      nothing: jsonObjectAgg(people.name, people.score).filter(people.id.lt(0n)),
    }).from(people),
    [
      {
        names: ['Ann', 'Bob', 'Cyd', 'dan'],
        scores: [-7, 7, 10],
        active: [true, false, true, true],
        born: ['1989-12-31', '1990-01-31', '2000-02-29'],
        rates: [1.5, -2.25],
        different: [false, true],
        byName: { Ann: 10, Bob: 7, Cyd: null, dan: -7 },
        flags: { Ann: true, Bob: false },
        none: [],
        nothing: {},
      },
    ],
    { needs: ['filtered aggregates', 'distinct aggregates'] },
  ),
  query(
    'JSON within an array of JSON',
    (() => {
      const documents = select({ id: people.id, document: literal({ a: [1, null, 'x'] }, jsonb()) })
        .from(people)
        .where(people.id.lte(2n))
        .as('documents')
      return select({ documents: jsonArrayAgg(documents.document).orderBy(documents.id) }).from(documents)
    })(),
    [{ documents: [{ a: [1, null, 'x'] }, { a: [1, null, 'x'] }] }],
  ),
  query(
    'rows without a match make an empty array',
    select({ id: people.id, titles: jsonArrayAgg(posts.title).orderBy(posts.id) })
      .from(people)
      .leftJoin(posts, posts.authorId.eq(people.id))
      .groupBy(people.id)
      .orderBy(people.id),
    [
      { id: 1n, titles: ['Alpha', 'Beta'] },
      { id: 2n, titles: ['Gamma'] },
      { id: 3n, titles: ['alpha'] },
      { id: 4n, titles: [] },
    ],
    { needs: ['filtered aggregates'] },
  ),
]
