import { count, denseRank, rank, rowNumber, select, sum } from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { people, posts } from '../schema.js'

const needs = ['window functions'] as const

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
]
