import {
  avg,
  count,
  cumeDist,
  denseRank,
  firstValue,
  lag,
  lastValue,
  lead,
  literal,
  max,
  nthValue,
  ntile,
  percentRank,
  rank,
  rowNumber,
  select,
  sum,
  text,
  window,
} from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { people, posts } from '../schema.js'

const needs = ['window functions'] as const
const whole = { from: 'unbounded preceding', to: 'unbounded following' } as const

export const windows: readonly CaseDefinition[] = [
  query(
    'numbers and ranks within an order',
    select({
      id: posts.id,
      number: rowNumber().over({ orderBy: [posts.likes.desc(), posts.id] }),
      rank: rank().over({ orderBy: posts.likes.desc() }),
      dense: denseRank().over({ orderBy: posts.likes.desc() }),
    })
      .from(posts)
      .orderBy(posts.id),
    [
      { id: 1n, number: 1, rank: 1, dense: 1 },
      { id: 2n, number: 3, rank: 3, dense: 2 },
      { id: 3n, number: 4, rank: 4, dense: 3 },
      { id: 4n, number: 2, rank: 1, dense: 1 },
    ],
    { needs },
  ),
  query(
    'a running sum within a partition',
    select({
      id: posts.id,
      sum: sum(posts.likes).over({ partitionBy: posts.authorId, orderBy: posts.id }),
      all: count().over(),
    })
      .from(posts)
      .orderBy(posts.id),
    [
      { id: 1n, sum: 5, all: 4 },
      { id: 2n, sum: 8, all: 4 },
      { id: 3n, sum: 0, all: 4 },
      { id: 4n, sum: 5, all: 4 },
    ],
    { needs },
  ),
  query(
    'NULL comes last in the order of a window, as everywhere',
    select({ id: people.id, number: rowNumber().over({ orderBy: people.score }) })
      .from(people)
      .orderBy(people.id),
    [
      { id: 1n, number: 3 },
      { id: 2n, number: 2 },
      { id: 3n, number: 4 },
      { id: 4n, number: 1 },
    ],
    { needs },
  ),
  query(
    'relative ranks and buckets',
    (() => {
      const byLikes = window({ orderBy: posts.likes })
      return select({
        id: posts.id,
        percent: percentRank().over(byLikes),
        part: cumeDist().over(byLikes),
        half: ntile(2).over({ orderBy: posts.id }),
      })
        .from(posts)
        .orderBy(posts.id)
    })(),
    [
      { id: 1n, percent: 2 / 3, part: 1, half: 1 },
      { id: 2n, percent: 1 / 3, part: 0.5, half: 1 },
      { id: 3n, percent: 0, part: 0.25, half: 2 },
      { id: 4n, percent: 2 / 3, part: 1, half: 2 },
    ],
    { needs },
  ),
  query(
    'values of the rows before and after',
    select({
      id: people.id,
      before: lag(people.name).over({ orderBy: people.id }),
      after: lead(people.score).over({ orderBy: people.id }),
      two: lag(people.id, 2, 0n).over({ orderBy: people.id }),
      none: lead(people.price, 1, '0.00').over({ orderBy: people.id }),
      seen: lag(people.seenAt, 3).over({ orderBy: people.id }),
    })
      .from(people)
      .orderBy(people.id),
    [
      { id: 1n, before: null, after: 7, two: 0n, none: '0.10', seen: null },
      { id: 2n, before: 'Ann', after: null, two: 0n, none: null, seen: null },
      { id: 3n, before: 'Bob', after: -7, two: 1n, none: '-3.00', seen: null },
      {
        id: 4n,
        before: 'Cyd',
        after: null,
        two: 2n,
        none: '0.00',
        seen: new Date('2026-01-02T03:04:05.678Z'),
      },
    ],
    { needs },
  ),
  query(
    'the first, last and a numbered value of a frame',
    (() => {
      const all = window({
        orderBy: posts.id,
        rows: { from: 'unbounded preceding', to: 'unbounded following' },
      })
      return select({
        id: posts.id,
        first: firstValue(posts.title).over(all),
        last: lastValue(posts.title).over(all),
        second: nthValue(posts.title, 2).over(all),
        fifth: nthValue(posts.title, 5).over(all),
        nextLikes: firstValue(posts.likes).over({
          orderBy: posts.id,
          rows: { from: { following: 1 }, to: { following: 1 } },
        }),
      })
        .from(posts)
        .orderBy(posts.id)
    })(),
    [
      { id: 1n, first: 'Alpha', last: 'alpha', second: 'Beta', fifth: null, nextLikes: 3 },
      { id: 2n, first: 'Alpha', last: 'alpha', second: 'Beta', fifth: null, nextLikes: 0 },
      { id: 3n, first: 'Alpha', last: 'alpha', second: 'Beta', fifth: null, nextLikes: 5 },
      { id: 4n, first: 'Alpha', last: 'alpha', second: 'Beta', fifth: null, nextLikes: null },
    ],
    { needs },
  ),
  query(
    'frames of rows, groups and distances',
    select({
      id: posts.id,
      rows: sum(posts.likes).over({
        orderBy: posts.id,
        rows: { from: { preceding: 1 }, to: { following: 1 } },
      }),
      groups: count().over({ orderBy: posts.likes, groups: { from: { preceding: 1 } } }),
      range: count().over({ orderBy: posts.likes, range: { from: { preceding: 2 }, to: { following: 0 } } }),
      big: sum(posts.id).over({ orderBy: posts.id, range: { from: 'current row', to: { following: 2 } } }),
      mean: avg(posts.likes).over({ orderBy: posts.id, rows: { from: 'unbounded preceding' } }),
    })
      .from(posts)
      .orderBy(posts.id),
    [
      { id: 1n, rows: 8, groups: 3, range: 3, big: 6n, mean: 5 },
      { id: 2n, rows: 8, groups: 2, range: 1, big: 9n, mean: 4 },
      { id: 3n, rows: 8, groups: 1, range: 1, big: 7n, mean: 8 / 3 },
      { id: 4n, rows: 5, groups: 3, range: 3, big: 4n, mean: 3.25 },
    ],
    { needs },
  ),
  query(
    'a distance is of the type of what is ordered by',
    select({
      id: people.id,
      rates: count().over({ orderBy: people.rate, range: { from: { preceding: 2.25 } } }),
      prices: max(people.price).over({
        partitionBy: people.price.isNull(),
        orderBy: people.price,
        range: { from: { following: 1 }, to: { following: 20.5 } },
      }),
    })
      .from(people)
      .where(people.score.isNotNull())
      .orderBy(people.id),
    [
      { id: 1n, rates: 2, prices: null },
      { id: 2n, rates: 1, prices: '10.50' },
      { id: 4n, rates: 2, prices: '10.50' },
    ],
    { needs },
  ),
  query(
    'rows that a frame leaves out',
    select({
      id: posts.id,
      row: count().over({ orderBy: posts.likes, rows: { ...whole, exclude: 'current row' } }),
      group: count().over({ orderBy: posts.likes, rows: { ...whole, exclude: 'group' } }),
      ties: count().over({ orderBy: posts.likes, rows: { ...whole, exclude: 'ties' } }),
    })
      .from(posts)
      .orderBy(posts.id),
    [
      { id: 1n, row: 3, group: 2, ties: 3 },
      { id: 2n, row: 3, group: 3, ties: 4 },
      { id: 3n, row: 3, group: 3, ties: 4 },
      { id: 4n, row: 3, group: 2, ties: 3 },
    ],
    { needs },
  ),
  query(
    'a filtered aggregate over a window',
    select({ id: posts.id, n: count().filter(posts.likes.gt(2)).over({ orderBy: posts.id }) })
      .from(posts)
      .orderBy(posts.id),
    [
      { id: 1n, n: 1 },
      { id: 2n, n: 2 },
      { id: 3n, n: 2 },
      { id: 4n, n: 3 },
    ],
    { needs },
  ),
  query(
    'a text for a function of any type',
    select({ id: posts.id, first: firstValue(literal('a', text())).over({ orderBy: posts.id }) })
      .from(posts)
      .where(posts.id.lt(3n))
      .orderBy(posts.id),
    [
      { id: 1n, first: 'a' },
      { id: 2n, first: 'a' },
    ],
    { needs },
  ),
]
