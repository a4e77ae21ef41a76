import {
  count,
  cte,
  exists,
  insert,
  integer,
  literal,
  recursiveCte,
  select,
  sql,
  update,
} from '@espalier/core'
import { type CaseDefinition, query, write } from '../case.js'
import { counters, people, posts } from '../schema.js'

const busy = cte(
  'busy',
  select({ author: posts.authorId, n: count() })
    .from(posts)
    .where(posts.likes.gte(0))
    .groupBy(posts.authorId),
)

const chain = recursiveCte(
  'chain',
  select({ id: people.id, depth: sql(integer())`1` }).from(people).where(people.managerId.isNull()),
  (self) =>
    select({ id: people.id, depth: self.depth.add(1) })
      .from(people)
      .join(self, people.managerId.eq(self.id)),
)

export const ctes: readonly CaseDefinition[] = [
  query(
    'joined with a table',
    select({ name: people.name, n: busy.n })
      .from(people)
      .join(busy, busy.author.eq(people.id))
      .orderBy(people.id),
    [
      { name: 'Ann', n: 2 },
      { name: 'Bob', n: 1 },
      { name: 'Cyd', n: 1 },
    ],
  ),
  query(
    'used twice',
    (() => {
      const other = busy.as('other')
      return select({ a: busy.author, b: other.author })
        .from(busy)
        .join(other, busy.n.lt(other.n))
        .orderBy(busy.author, other.author)
    })(),
    [
      { a: 2n, b: 1n },
      { a: 3n, b: 1n },
    ],
  ),
  query(
    'used by another and in a subquery, with values in every part',
    (() => {
      const busiest = cte('busiest', select({ author: busy.author }).from(busy).where(busy.n.gt(1)))
      return select({ name: people.name, tag: literal(7, integer()) })
        .from(people)
        .where(
          people.name.ne('zzz'),
          exists(select(busiest.author).from(busiest).where(busiest.author.eq(people.id))),
        )
        .limit(5)
    })(),
    [{ name: 'Ann', tag: 7 }],
  ),
  query(
    'within a query in FROM',
    (() => {
      const inner = select({ author: busy.author }).from(busy).where(busy.n.eq(1)).as('inner')
      return select(inner.author).from(inner).where(inner.author.gt(0n)).orderBy(inner.author)
    })(),
    [2n, 3n],
  ),
  query(
    'recursive',
    select(chain).from(chain).orderBy(chain.id),
    [
      { id: 1n, depth: 1 },
      { id: 2n, depth: 2 },
      { id: 3n, depth: 2 },
      { id: 4n, depth: 3 },
    ],
    { needs: ['recursive cte'] },
  ),
  query(
    'recursive with values, ending at a limit',
    (() => {
      const numbers = recursiveCte('numbers', select({ n: literal(1, integer()) }), (self) =>
        select({ n: self.n.add(1) })
          .from(self)
          .where(self.n.lt(5)),
      )
      return select(numbers.n).from(numbers).where(numbers.n.gt(1)).orderBy(numbers.n.desc()).limit(3)
    })(),
    [5, 4, 3],
    { needs: ['recursive cte'] },
  ),
  query(
    'recursive over a cycle, each row once',
    (() => {
      const steps = recursiveCte(
        'steps',
        select({ n: literal(0, integer()) }),
        (self) => select({ n: self.n.add(1).mod(3) }).from(self),
        { distinct: true },
      )
      return select(steps.n).from(steps).orderBy(steps.n)
    })(),
    [0, 1, 2],
    { needs: ['recursive cte'] },
  ),
  query(
    'a base with an order and a limit',
    (() => {
      const two = recursiveCte(
        'two',
        select({ id: people.id, depth: literal(0, integer()) })
          .from(people)
          .orderBy(people.id.desc())
          .limit(2),
        (self) =>
          select({ id: self.id, depth: self.depth.add(1) })
            .from(self)
            .where(self.depth.lt(1)),
      )
      return select(two).from(two).orderBy(two.depth, two.id)
    })(),
    [
      { id: 3n, depth: 0 },
      { id: 4n, depth: 0 },
      { id: 3n, depth: 1 },
      { id: 4n, depth: 1 },
    ],
    { needs: ['recursive cte'] },
  ),
  write(
    'feeding an insert',
    insert(counters).fromSelect(
      select({ key: people.name, shard: literal(9, integer()), n: busy.n })
        .from(busy)
        .join(people, people.id.eq(busy.author))
        .where(people.name.ne('Bob'), busy.n.gt(1)),
    ),
    1,
    select({ key: counters.key, n: counters.n }).from(counters).where(counters.shard.eq(9)),
    [{ key: 'Ann', n: 2 }],
  ),
  write(
    'feeding an update',
    update(people)
      .set({ score: busy.n, nick: 'busy' })
      .from(busy)
      .where(busy.author.eq(people.id), people.name.eq('Cyd')),
    1,
    select({ score: people.score, nick: people.nick }).from(people).where(people.id.eq(3n)),
    [{ score: 1, nick: 'busy' }],
    { needs: ['update from'] },
  ),
]
