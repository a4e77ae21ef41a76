import {
  collate,
  comment,
  count,
  cube,
  distinctOn,
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
  prefix,
  rollup,
  select,
  sql,
  suffix,
  sum,
  tags,
} from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { orgs, people, posts } from '../schema.js'

const ids = select(people.id).from(people).orderBy(people.id)
const byLikes = select({ id: posts.id, likes: posts.likes }).from(posts)
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
    { asks: 'distinctOn' },
  ),
  query(
    'a limit with ties',
    byLikes
      .orderBy(posts.likes.desc())
      .add(fetchWithTies(1))
      .pipe((q) => select({ n: count() }).from(q.as('best'))),
    [{ n: 2 }],
    { asks: 'withTies' },
  ),
  query(
    'a limit with ties behind an offset',
    byLikes.orderBy(posts.likes.desc()).offset(2).add(fetchWithTies(1)),
    [{ id: 2n, likes: 3 }],
    { asks: 'withTies' },
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
