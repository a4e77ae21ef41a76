import { integer, literal, select } from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { orgs, people, posts } from '../schema.js'

// Written as a literal, a number there is the place of a column, and `-2` is none.
const minusTwo = literal(2, integer()).neg()

const scores = select(people.score).from(people)

export const ordering: readonly CaseDefinition[] = [
  query('NULL comes last', scores.orderBy(people.score), [-7, 7, 10, null]),
  query('NULL comes first where the order is turned round', scores.orderBy(people.score.desc()), [
    null,
    10,
    7,
    -7,
  ]),
  query('nulls first', scores.orderBy(people.score.asc().nullsFirst()), [null, -7, 7, 10]),
  query('nulls last', scores.orderBy(people.score.desc().nullsLast()), [10, 7, -7, null]),
  query(
    'NULL of an outer join comes last',
    select({ org: orgs.name, id: people.id }).from(orgs).leftJoin(people).orderBy(people.id),
    [
      { org: 'Acme', id: 1n },
      { org: 'Acme', id: 2n },
      { org: 'Bolt', id: 3n },
      { org: 'Cove', id: null },
    ],
  ),
  query(
    'by columns of the selection',
    select({ who: people.name, value: people.score })
      .from(people)
      .orderBy((row) => [row.value.desc().nullsLast(), row.who]),
    [
      { who: 'Ann', value: 10 },
      { who: 'Bob', value: 7 },
      { who: 'dan', value: -7 },
      { who: 'Cyd', value: null },
    ],
  ),
  query(
    'by a column of the selection inside an expression',
    select({ who: people.name, value: people.score })
      .from(people)
      .where(people.score.isNotNull())
      .orderBy((row) => [row.value.mul(row.value), row.who.desc()]),
    [
      { who: 'dan', value: -7 },
      { who: 'Bob', value: 7 },
      { who: 'Ann', value: 10 },
    ],
  ),
  query(
    'by a key that is also the name of a column',
    select({ id: people.score, score: people.id })
      .from(people)
      .where(people.score.gt(0))
      .orderBy((row) => row.id),
    [
      { id: 7, score: 2n },
      { id: 10, score: 1n },
    ],
  ),
  query(
    'booleans: false before true',
    select(people.id).from(people).orderBy(people.active, people.id.desc()),
    [2n, 4n, 3n, 1n],
  ),
  query('texts by their bytes', select(posts.title).from(posts).orderBy(posts.title), [
    'Alpha',
    'Beta',
    'Gamma',
    'alpha',
  ]),
  query(
    'by a column of the rows that another source has too',
    select({ id: posts.id, person: { id: people.id } })
      .from(posts)
      .join(people, people.id.eq(posts.authorId))
      .where(posts.id.in([1n, 3n]))
      .orderBy((row) => row.id.desc()),
    [
      { id: 3n, person: { id: 2n } },
      { id: 1n, person: { id: 1n } },
    ],
  ),
  query(
    'by a number with a sign, which is no place of a column',
    select(people.id).from(people).orderBy(minusTwo, people.id),
    [1n, 2n, 3n, 4n],
  ),
]
