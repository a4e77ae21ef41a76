import {
  count,
  cte,
  deleteFrom,
  exists,
  insert,
  integer,
  literal,
  nullable,
  recursiveCte,
  select,
  sql,
  update,
  withCte,
} from '@espalier/core'
import { type CaseDefinition, query, write } from '../case.js'
import { counters, events, people, posts } from '../schema.js'

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
  query(
    'computed on its own, or not',
    (() => {
      const a = cte('a', select({ id: people.id }).from(people), { materialized: true })
      const b = cte('b', select({ id: posts.authorId }).from(posts), { materialized: false })
      return select({ n: count() }).from(a).join(b, a.id.eq(b.id))
    })(),
    [{ n: 4 }],
  ),
  query(
    'a column that is null in the step only',
    (() => {
      const nicks = recursiveCte(
        'nicks',
        select({ id: people.id, nick: nullable(people.name) })
          .from(people)
          .where(people.managerId.isNull()),
        (self) =>
          select({ id: people.id, nick: people.nick }).from(people).join(self, people.managerId.eq(self.id)),
      )
      return select(nicks).from(nicks).orderBy(nicks.id)
    })(),
    [
      { id: 1n, nick: 'Ann' },
      { id: 2n, nick: null },
      { id: 3n, nick: 'a%b_c\\d' },
      { id: 4n, nick: '' },
    ],
    { needs: ['recursive cte'] },
  ),
  query(
    'searched depth first',
    (() => {
      const tree = recursiveCte(
        'tree',
        select({ id: people.id }).from(people).where(people.managerId.isNull()),
        (self) => select({ id: people.id }).from(people).join(self, people.managerId.eq(self.id)),
        { search: { order: 'depth', by: ['id'], as: 'way' } },
      )
      return select(tree.id).from(tree).orderBy(tree.way)
    })(),
    [1n, 2n, 4n, 3n],
    { asks: 'searchAndCycle' },
  ),
  query(
    'searched breadth first, noticing circles',
    (() => {
      const tree = recursiveCte(
        'tree',
        select({ n: literal(1, integer()) }),
        (self) => select({ n: self.n.add(1).mod(3) }).from(self),
        {
          search: { order: 'breadth', by: ['n'], as: 'way' },
          cycle: { by: ['n'], as: 'again', path: 'path' },
        },
      )
      return select({ n: tree.n, again: tree.again }).from(tree).orderBy(tree.way)
    })(),
    [
      { n: 1, again: false },
      { n: 2, again: false },
      { n: 0, again: false },
      { n: 1, again: true },
    ],
    { asks: 'searchAndCycle' },
  ),
  query(
    'of writes that return rows',
    (() => {
      const gone = cte('gone', deleteFrom(posts).where(posts.id.eq(4n)).returning({ id: posts.id }))
      const made = cte(
        'made',
        insert(events)
          .values([{ what: 'a' }, { what: 'b' }])
          .returning({ what: events.what }),
      )
      const changed = cte(
        'changed',
        update(people).set({ score: 1 }).where(people.id.eq(1n)).returning({ score: people.score }),
      )
      return select({ id: gone.id, what: made.what, score: changed.score })
        .from(gone)
        .crossJoin(made)
        .crossJoin(changed)
        .orderBy(made.what)
    })(),
    [
      { id: 4n, what: 'a', score: 1 },
      { id: 4n, what: 'b', score: 1 },
    ],
    { asks: 'writesInCtes' },
  ),
  query(
    'of a write that nothing reads',
    select({ n: count() })
      .from(posts)
      .add(withCte(cte('gone', deleteFrom(posts).where(posts.id.eq(4n)).returning(posts.id)))),
    [{ n: 4 }],
    { asks: 'writesInCtes' },
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
