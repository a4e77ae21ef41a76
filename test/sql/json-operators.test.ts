import {
  jsonb,
  jsonConcat,
  jsonContainedBy,
  jsonContains,
  jsonOf,
  jsonPathExists,
  jsonPathFirst,
  literal,
  select,
} from '@espalier/core'
import { expect, it } from 'vitest'
import { everyWay, postgresDatabases, refusalOf } from '../support/postgres-cases.js'

const document = literal({ theme: 'dark', list: [1, 2, { a: 3 }] }, jsonb<Record<string, unknown>>())

const statement = select({
  contains: jsonContains(document, { list: [2] }),
  not: jsonContains(document, { list: [5] }),
  contained: jsonContainedBy(jsonOf(document).get('list'), [1, 2, { a: 3, b: 4 }, 5]),
  concat: jsonConcat(document, { theme: 'light', x: null }),
  exists: jsonPathExists(document, '$.list[*] ? (@ > 1)'),
  first: jsonPathFirst(document, '$.list[*] ? (@ > 1)'),
  none: jsonPathFirst(document, '$.list[*] ? (@ > 9)'),
})

it.each(await postgresDatabases())('documents are compared, joined and searched on $name', async ({ db }) => {
  for (const way of everyWay(statement)) {
    expect(await db.one(way)).toEqual({
      contains: true,
      not: false,
      contained: true,
      concat: { theme: 'light', list: [1, 2, { a: 3 }], x: null },
      exists: true,
      first: 2,
      none: null,
    })
  }
})

it('SQLite refuses them', async () => {
  expect(await refusalOf(statement)).toMatch(/containment, concatenation and paths.*jsonOf/)
})
