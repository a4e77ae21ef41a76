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
  tsquery,
  tsvector,
  update,
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

const notes = table('notes', {
  id: integer().primaryKey(),
  body: text().notNull(),
  words: tsvector(),
  wanted: tsquery('search').default(webSearch('cat')),
})

describe.each(await postgresDatabases())('columns of words on $name', ({ db }) => {
  it('are written from texts, given as they are, and searched', async () => {
    await db.run(createTable(notes))
    await db.run(insert(notes).values({ id: 1, body: 'Cats and dogs' }))
    await db.run(
      insert(notes).values([
        { id: 2, body: 'A bird', words: "'bird':2 'cat':9", wanted: webSearch('dog') },
        { id: 3, body: 'Nothing', words: null, wanted: null },
      ]),
    )
    const filled = update(notes)
      .set({ words: toTextVector(notes.body) })
      .where(notes.id.eq(1))
    expect(filled.toSQL(db.dialect)).toEqual({
      sql: `update "notes" set "words" = to_tsvector('english', "notes"."body") where "notes"."id" = $1`,
      params: [1],
    })
    await db.run(filled)
    const found = select({
      id: notes.id,
      cat: textMatches(notes.words, webSearch('cat')),
      wanted: textMatches(notes.words, notes.wanted),
      ranked: textRank(notes.words, notes.wanted).gt(0),
      search: notes.wanted,
      words: notes.words,
    })
      .from(notes)
      .orderBy(notes.id)
    for (const way of everyWay(found))
      expect(await db.all(way)).toEqual([
        { id: 1, cat: true, wanted: true, ranked: true, search: "'cat'", words: "'cat':1 'dog':3" },
        { id: 2, cat: true, wanted: false, ranked: false, search: "'dog'", words: "'bird':2 'cat':9" },
        { id: 3, cat: null, wanted: null, ranked: null, search: null, words: null },
      ])
  })
})

it('SQLite refuses it, and bad names are refused', async () => {
  expect(await refusalOf(ids.where(textMatches(words, webSearch('cat'))))).toMatch(/full-text search.*like/)
  expect(await refusalOf(createTable(notes))).toBe(
    'SQLite has no type tsvector. Keep the text, and search it in a virtual table of FTS5, which raw SQL makes and ' +
      'queries: create virtual table … using fts5(…).',
  )
  expect((await errorOf(() => webSearch('x', { config: "e'" }))).code).toBe('invalid_name')
  expect((await errorOf(() => textMatches(pages.title as never, webSearch('x')))).message).toMatch(
    /toTextVector/,
  )
})
