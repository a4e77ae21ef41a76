import { caseWhen, coalesce, count, select, update } from '@espalier/core'
import { type CaseDefinition, query, write } from '../case.js'
import { orgs, people, posts } from '../schema.js'

const likes = select(posts.likes).from(posts).orderBy(posts.id)

export const updates: readonly CaseDefinition[] = [
  write('values', update(posts).set({ likes: 9, title: 'x' }).where(posts.id.eq(2n)), 1, likes, [5, 9, 0, 5]),
  write(
    'expressions of the old row',
    update(posts)
      .set((t) => ({ likes: t.likes.mul(2).add(1) }))
      .everyRow(),
    4,
    likes,
    [11, 7, 1, 11],
  ),
  write(
    'columns that change places',
    update(people)
      .set({ nick: people.name, name: coalesce(people.nick, '-') })
      .where(people.id.lte(2n)),
    2,
    select({ name: people.name, nick: people.nick }).from(people).where(people.id.lte(2n)).orderBy(people.id),
    [
      { name: 'A', nick: 'Ann' },
      { name: '-', nick: 'Bob' },
    ],
  ),
  write(
    'null',
    update(people).set({ score: null, seenAt: null, price: null }).where(people.id.eq(1n)),
    1,
    select({ a: people.score, b: people.seenAt, c: people.price }).from(people).where(people.id.eq(1n)),
    [{ a: null, b: null, c: null }],
  ),
  write(
    'nothing that matches',
    update(posts).set({ likes: 9 }).where(posts.id.eq(99n)),
    0,
    likes,
    [5, 3, 0, 5],
  ),
  write(
    'from a query',
    update(people)
      .set({ score: select(count()).from(posts).where(posts.authorId.eq(people.id)).scalar() })
      .where(people.active.eq(true)),
    3,
    select(people.score).from(people).orderBy(people.id),
    [2, 7, 1, 0],
  ),
  write(
    'by a case',
    update(posts)
      .set({ likes: caseWhen(posts.likes.gt(4), 100).else(posts.likes) })
      .everyRow(),
    4,
    likes,
    [100, 3, 0, 100],
  ),
  write(
    'from another source',
    update(people)
      .set({ nick: orgs.name, score: orgs.id.mul(10) })
      .from(orgs)
      .where(orgs.id.eq(people.orgId), orgs.name.eq('Acme')),
    2,
    select({ nick: people.nick, score: people.score }).from(people).orderBy(people.id).limit(3),
    [
      { nick: 'Acme', score: 10 },
      { nick: 'Acme', score: 10 },
      { nick: 'a%b_c\\d', score: null },
    ],
    { needs: ['update from'] },
  ),
  write(
    'from itself under another name',
    (() => {
      const boss = people.as('boss')
      return update(people).set({ nick: boss.name }).from(boss).where(boss.id.eq(people.managerId))
    })(),
    3,
    select(people.nick).from(people).orderBy(people.id),
    ['A', 'Ann', 'Ann', 'Bob'],
    { needs: ['update from'] },
  ),
  query(
    'returning the new values',
    update(posts)
      .set((t) => ({ likes: t.likes.add(1) }))
      .where(posts.id.eq(3n))
      .returning({ id: posts.id, likes: posts.likes }),
    [{ id: 3n, likes: 1 }],
    { needs: ['returning'] },
  ),
]
