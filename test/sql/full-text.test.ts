import {
  createTable,
  insert,
  integer,
  plainSearch,
  select,
  table,
  text,
  textHeadline,
  textMatches,
  textRank,
  toTextQuery,
  toTextVector,
  webSearch,
} from '@espalier/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { everyWay, postgresDatabases, refusalOf } from '../support/postgres-cases.js'
import { errorOf } from '../support/sql.js'

const pages = table('pages', { id: integer().primaryKey(), title: text().notNull(), body: text() })
const words = toTextVector(pages.title)
const ids = select(pages.id).from(pages).orderBy(pages.id)

describe.each(await postgresDatabases())('full-text search on $name', ({ db }) => {
  beforeAll(async () => {
    await db.run(createTable(pages))
    await db.run(
      insert(pages).values([
        { id: 1, title: 'Cats and dogs', body: 'The cat sat.' },
        { id: 2, title: "A dog's life", body: null },
      ]),
    )
  })

  it('finds words by searches of every kind', async () => {
    const found = [
      [ids.where(textMatches(words, webSearch('cat or "dog life"'))), [1]],
      [ids.where(textMatches(words, webSearch('dog -cat'))), [2]],
      [ids.where(textMatches(words, plainSearch('dogs cats'))), [1]],
      [ids.where(textMatches(words, toTextQuery('dog & !cat'))), [2]],
      [
        ids.where(
          textMatches(
            toTextVector(pages.title, { config: 'simple' }),
            toTextQuery('dogs', { config: 'simple' }),
          ),
        ),
        [1],
      ],
      [ids.where(textMatches(words, webSearch('cat')).not()), [2]],
      [ids.where(textMatches(words, webSearch("'; drop table pages; --"))), []],
    ] as const
    for (const [statement, rows] of found)
      for (const way of everyWay(statement)) expect(await db.all(way)).toEqual(rows)
  })

  it('ranks and shows them', async () => {
    const search = webSearch('cat')
    const statement = select({
      rank: textRank(words, search).gt(0),
      headline: textHeadline(pages.body, search),
    })
      .from(pages)
      .orderBy(textRank(words, search).desc(), pages.id)
    expect(await db.all(statement)).toEqual([
      { rank: true, headline: 'The <b>cat</b> sat.' },
      { rank: false, headline: null },
    ])
  })
})

it('SQLite refuses it, and bad names are refused', async () => {
  expect(await refusalOf(ids.where(textMatches(words, webSearch('cat'))))).toMatch(/full-text search.*like/)
  expect((await errorOf(() => webSearch('x', { config: "e'" }))).code).toBe('invalid_name')
  expect((await errorOf(() => textMatches(pages.title as never, webSearch('x')))).message).toMatch(
    /toTextVector/,
  )
})
