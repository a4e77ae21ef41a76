import {
  collate,
  comment,
  count,
  cte,
  cube,
  deleteFrom,
  distinctOn,
  exists,
  explain,
  fetchWithTies,
  forKeyShare,
  forNoKeyUpdate,
  forShare,
  forUpdate,
  grouping,
  groupingSets,
  hint,
  integer,
  literal,
  max,
  nullable,
  param,
  prefix,
  reselect,
  rollup,
  rowNumber,
  select,
  sql,
  suffix,
  sum,
  tags,
  text,
} from '@espalier/core'
import { type CaseDefinition, query, steps } from '../case.js'
import { orgs, people, posts } from '../schema.js'

const ids = select(people.id).from(people).orderBy(people.id)
const byLikes = select({ id: posts.id, likes: posts.likes }).from(posts)
const likesOver = select({ id: posts.id, likes: posts.likes })
  .from(posts)
  .where(posts.likes.gt(0))
  .orderBy((row) => [row.likes.add(0), row.id])
const likes = { author: posts.authorId, title: posts.title, likes: sum(posts.likes) }

export const clauses: readonly CaseDefinition[] = [
  query(
    'distinct on keeps the first row of each group',
    byLikes.add(distinctOn(posts.likes)).orderBy(posts.likes, posts.id.desc()),
    [
      { id: 3n, likes: 0 },
      { id: 2n, likes: 3 },
      { id: 4n, likes: 5 },
    ],
  ),
  query(
    'a limit with ties',
    byLikes
      .orderBy(posts.likes.desc())
      .add(fetchWithTies(1))
      .pipe((q) => select({ n: count() }).from(q.as('best'))),
    [{ n: 2 }],
  ),
  query(
    'a limit with ties behind an offset',
    byLikes.orderBy(posts.likes.desc()).offset(2).add(fetchWithTies(1)),
    [{ id: 2n, likes: 3 }],
  ),
  query(
    'distinct on two expressions, with a limit and an offset',
    select({ org: people.orgId, active: people.active, name: people.name })
      .from(people)
      .add(distinctOn(people.active, people.orgId))
      .orderBy(people.orgId.desc(), people.active, people.id.desc())
      .limit(2)
      .offset(1),
    [
      { org: 2, active: true, name: 'Cyd' },
      { org: 1, active: false, name: 'Bob' },
    ],
  ),
  query(
    'whether there are more different rows than an offset leaves out',
    select({
      two: exists(select(people.active).from(people).distinct().offset(1)),
      three: exists(select(people.active).from(people).distinct().offset(2)),
    }),
    [{ two: true, three: false }],
  ),
  query(
    'distinct on of what is not selected, with NULL first',
    select(people.name)
      .from(people)
      .add(distinctOn(people.orgId))
      .orderBy(people.orgId.asc().nullsFirst(), people.score.desc().nullsLast()),
    ['dan', 'Ann', 'Cyd'],
  ),
  query(
    'distinct on over joins, where a row may be absent',
    select({ org: orgs, name: people.name, likes: posts.likes })
      .from(people)
      .leftJoin(orgs)
      .leftJoin(posts, posts.authorId.eq(people.id))
      .where(people.id.ne(3n))
      .add(distinctOn(people.id))
      .orderBy(people.id, posts.likes),
    [
      { org: { id: 1, name: 'Acme' }, name: 'Ann', likes: 3 },
      { org: { id: 1, name: 'Acme' }, name: 'Bob', likes: 0 },
      { org: null, name: 'dan', likes: null },
    ],
  ),
  query(
    'distinct on over groups, by their number',
    select({ likes: posts.likes, author: posts.authorId, n: count() })
      .from(posts)
      .groupBy(posts.likes, posts.authorId)
      .having(posts.likes.gte(0))
      .add(distinctOn(posts.likes))
      .orderBy((row) => [row.likes.desc(), row.n.desc(), row.author]),
    [
      { likes: 5, author: 1n, n: 1 },
      { likes: 3, author: 1n, n: 1 },
      { likes: 0, author: 2n, n: 1 },
    ],
  ),
  query(
    'distinct on over windows and computed values',
    select({ half: posts.likes.div(2), place: rowNumber().over({ orderBy: posts.id }) })
      .from(posts)
      .add(distinctOn(posts.likes.div(2)))
      .orderBy((row) => [row.half, row.place.desc()]),
    [
      { half: 0, place: 3 },
      { half: 1, place: 2 },
      { half: 2, place: 4 },
    ],
  ),
  query(
    'distinct on without an order, in a query that others use',
    (() => {
      const one = select({ author: posts.authorId }).from(posts).add(distinctOn(posts.authorId)).as('one')
      return select({ n: count(), last: max(one.author) }).from(one)
    })(),
    [{ n: 3, last: 3n }],
  ),
  query(
    'distinct on within a correlated query',
    select({
      name: people.name,
      best: select(posts.title)
        .from(posts)
        .where(posts.authorId.eq(people.id))
        .add(distinctOn(posts.authorId))
        .orderBy(posts.authorId, posts.likes.desc())
        .scalar(),
    })
      .from(people)
      .where(people.id.in([1n, 4n]))
      .orderBy(people.id),
    [
      { name: 'Ann', best: 'Alpha' },
      { name: 'dan', best: null },
    ],
  ),
  query(
    'distinct on in one side of a set operation, over a CTE with values',
    (() => {
      const some = cte(
        'some',
        select({ id: posts.id, likes: posts.likes }).from(posts).where(posts.likes.gt(1)),
      )
      return select({ id: some.id, why: literal('first', text()) })
        .from(some)
        .where(some.id.gt(0n))
        .add(distinctOn(some.likes))
        .orderBy(some.likes, some.id)
        .unionAll(
          select({ id: posts.id, why: literal('zero', text()) })
            .from(posts)
            .where(posts.likes.eq(0)),
        )
        .orderBy((row) => row.id)
    })(),
    [
      { id: 1n, why: 'first' },
      { id: 2n, why: 'first' },
      { id: 3n, why: 'zero' },
    ],
  ),
  query(
    'a limit with ties counts what the offset skips',
    byLikes
      .orderBy(posts.likes.desc())
      .offset(1)
      .add(fetchWithTies(1))
      .pipe((q) => select({ n: count() }).from(q.as('best'))),
    [{ n: 1 }],
  ),
  query('a limit with ties of no rows', byLikes.orderBy(posts.likes).offset(2).add(fetchWithTies(0)), []),
  query(
    'a limit with ties over groups, NULL being the greatest',
    select({ org: people.orgId, n: count() })
      .from(people)
      .groupBy(people.orgId)
      .orderBy((row) => row.n)
      .add(fetchWithTies(1))
      .pipe((q) => {
        const few = q.as('few')
        return select(few).from(few).orderBy(few.org)
      }),
    [
      { org: 2, n: 1 },
      { org: null, n: 1 },
    ],
  ),
  query(
    'a limit with ties over different rows',
    select({ likes: posts.likes, active: people.active })
      .from(posts)
      .join(people)
      .distinct()
      .orderBy(posts.likes.desc())
      .add(fetchWithTies(1)),
    [{ likes: 5, active: true }],
  ),
  query(
    'a limit with ties over a set operation',
    select({ n: people.score })
      .from(people)
      .where(people.score.isNotNull())
      .unionAll(select({ n: nullable(posts.likes) }).from(posts))
      .orderBy((row) => row.n.desc())
      .add(fetchWithTies(3)),
    [{ n: 10 }, { n: 7 }, { n: 5 }, { n: 5 }],
  ),
  query(
    'distinct on and a limit with ties together',
    select({ author: posts.authorId, likes: posts.likes })
      .from(posts)
      .add(distinctOn(posts.authorId))
      .orderBy(posts.authorId, posts.likes.desc())
      .add(fetchWithTies(2)),
    [
      { author: 1n, likes: 5 },
      { author: 2n, likes: 0 },
    ],
  ),
  query(
    'rollup',
    select({ ...likes, left: grouping(posts.authorId, posts.title) })
      .from(posts)
      .where(posts.authorId.lte(2n))
      .groupBy(rollup(posts.authorId, posts.title))
      .orderBy((row) => [row.author, row.title]),
    [
      { author: 1n, title: 'Alpha', likes: 5, left: 0 },
      { author: 1n, title: 'Beta', likes: 3, left: 0 },
      { author: 1n, title: null, likes: 8, left: 1 },
      { author: 2n, title: 'Gamma', likes: 0, left: 0 },
      { author: 2n, title: null, likes: 0, left: 1 },
      { author: null, title: null, likes: 8, left: 3 },
    ],
    { asks: 'groupingSets' },
  ),
  query(
    'cube over two columns together, and one beside',
    select({ author: posts.authorId, n: count() })
      .from(posts)
      .groupBy(cube([posts.authorId, posts.likes]))
      .having(count().gt(1))
      .orderBy((row) => row.author),
    [{ author: null, n: 4 }],
    { asks: 'groupingSets' },
  ),
  query(
    'grouping sets by columns of the selection',
    select({ author: posts.authorId, likes: posts.likes.add(1), n: count() })
      .from(posts)
      .groupBy((row) => groupingSets([row.author], [row.likes], []))
      .orderBy((row) => [row.author, row.likes]),
    [
      { author: 1n, likes: null, n: 2 },
      { author: 2n, likes: null, n: 1 },
      { author: 3n, likes: null, n: 1 },
      { author: null, likes: 1, n: 1 },
      { author: null, likes: 4, n: 1 },
      { author: null, likes: 6, n: 2 },
      { author: null, likes: null, n: 4 },
    ],
    { asks: 'groupingSets' },
  ),
  ...[
    forUpdate(),
    forNoKeyUpdate({ of: people }),
    forShare({ of: [people, orgs], wait: 'nowait' }),
    forKeyShare({ wait: 'skip locked' }),
  ].map((lock, i) =>
    query(
      `a lock of strength ${i + 1}`,
      select(people.name).from(people).join(orgs).orderBy(people.id).limit(1).add(lock),
      ['Ann'],
      { asks: 'rowLocks' },
    ),
  ),
  query('a lock that may be done without', ids.limit(1).add(forUpdate({ without: 'ignore' })), [1n]),
  query(
    'a lock in a query that others use',
    select(people.name)
      .from(people)
      .where(people.id.in(ids.limit(1).add(forUpdate({ without: 'ignore' })))),
    ['Ann'],
  ),
  query('comments, whatever they contain', ids.limit(1).add(comment("*/ ; -- ' /* ? $1 \0 \n")), [1n]),
  query('tags, whatever they contain', ids.limit(1).add(tags({ "a*/'": "*/ ' \\ ä", b: '' })), [1n]),
  query('tags with half a character', ids.limit(1).add(tags({ a: 'x\ud83d' })), [1n]),
  query(
    'a comment behind each side',
    ids.limit(1).add(comment('a')).unionAll(ids.limit(1)).add(comment('b')),
    [1n, 1n],
    {
      needs: ['nested set operations'],
    },
  ),
  query('a hint', ids.limit(1).add(hint('SeqScan(people)')), [1n]),
  query('raw SQL behind select and at the end', ids.add(prefix(sql`all`)).add(suffix(sql`limit ${1}`)), [1n]),
  steps('the plan of a query with values and a CTE, line by line', async ({ on, equal, through }) => {
    const some = cte('some', select({ id: posts.id }).from(posts).where(posts.likes.gt(1)))
    const busy = select(some.id).from(some).where(some.id.gt(0n)).limit(2)
    const lines = await on.all(through(explain(busy)))
    equal(
      lines.some((line) => line.includes('conformance_posts')),
      true,
      'whether a line names the table',
    )
  }),
  steps('the plan of a write, which is not run', async ({ on, rows, equal, through }) => {
    const gone = deleteFrom(posts)
      .where(posts.likes.gte(param('least', integer())))
      .add(comment('why'))
    const [line] = await on.prepare(through(explain(gone))).all({ least: 0 })
    equal(typeof line, 'string', 'what a line is')
    await rows(select(count()).from(posts), [4])
  }),
  steps(
    'a plan as a document, of a query that was run',
    async ({ on, equal, through }) => {
      const plan = await on.one(through(explain(likesOver, { analyze: true, buffers: true, format: 'json' })))
      const [{ Plan: top }] = plan as [{ Plan: Record<string, unknown> }]
      equal(top['Actual Rows'], 3, 'the rows that it had')
    },
    { asks: 'explainOptions' },
  ),
  query('other rows of the same query', reselect(likesOver, posts.title), ['Beta', 'Alpha', 'alpha']),
  query(
    'more columns of the same query, ordered and grouped by columns of its rows',
    reselect(
      select({ half: posts.likes.div(2), n: count() })
        .from(posts)
        .groupBy((row) => row.half)
        .orderBy((row) => [row.n, row.half.desc()]),
      (row) => ({ most: max(posts.likes), ...row }),
    ),
    [
      { most: 3, half: 1, n: 1 },
      { most: 0, half: 0, n: 1 },
      { most: 5, half: 2, n: 2 },
    ],
  ),
  query(
    'a count of the rows that a page is of',
    reselect(likesOver.limit(1).clear('orderBy', 'limit'), count()),
    [3],
  ),
  query(
    'whole rows of the same query, which may be absent',
    reselect(
      select({ name: people.name, post: posts })
        .from(people)
        .leftJoin(posts, posts.authorId.eq(people.id))
        .where(people.id.gte(3n))
        .orderBy(people.id),
      ({ post }) => ({ post, id: people.id }),
    ),
    [
      { post: { id: 4n, authorId: 3n, title: 'alpha', likes: 5 }, id: 3n },
      { post: null, id: 4n },
    ],
  ),
  query(
    'distinct rows of the same query',
    reselect(byLikes.distinct(), posts.likes).orderBy((likes) => likes),
    [0, 3, 5],
  ),
  query(
    'clauses left out again',
    ids
      .where(people.id.gt(100n))
      .limit(1)
      .offset(2)
      .distinct()
      .clear('where', 'limit', 'distinct', 'orderBy')
      .orderBy(people.id.desc()),
    [4n, 3n, 2n, 1n],
  ),
  query('an order by bytes', select(posts.title).from(posts).orderBy(collate(posts.title, 'C').desc()), [
    'alpha',
    'Gamma',
    'Beta',
    'Alpha',
  ]),
  query(
    'a collation in a comparison',
    select({ n: literal(1, integer()) })
      .from(posts)
      .where(collate(posts.title.concat('x'), 'binary').gt('betax')),
    [],
  ),
]
