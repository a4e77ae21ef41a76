import type { Database } from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { inspect, metadataOf } from '@espalier/dialects/postgres/inspect'
import fc from 'fast-check'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { olderVersions, urlOf } from './older-versions.js'
import { schemaStatements } from './postgres-statements.js'
import { createIn, differences, linesOf, runAll } from './round-trip.js'

const seed = process.env.FUZZ_SEED === undefined ? 1 : Number(process.env.FUZZ_SEED)
const times = Number(process.env.FUZZ_TIMES ?? 1)
vi.setConfig({ testTimeout: 120_000 * times, hookTimeout: 60_000 })

describe.each([18, ...olderVersions])('random schemas of PostgreSQL %i', (version) => {
  const databases: Database[] = []
  afterAll(() => Promise.all(databases.map((db) => db.close())))

  const empty = (db: Database) =>
    runAll(db, [
      'drop schema if exists public cascade',
      `drop schema if exists "odd ""s" cascade`,
      'create schema public',
      'grant usage on schema public to public',
      `comment on schema public is 'standard public schema'`,
    ])

  it.each(['public', 'odd "s'])(
    'are made again by the metadata of their catalogs, in the schema %s',
    async (schema) => {
      const [one, other] = [
        postgres(await urlOf(version), { version }),
        postgres(await urlOf(version), { version }),
      ]
      databases.push(one, other)
      let taken = 0
      await fc.assert(
        fc.asyncProperty(schemaStatements, async (statements) => {
          await empty(one)
          await empty(other)
          const path = schema.replaceAll('"', '""')
          if (schema !== 'public') await runAll(one, [`create schema "${path}"`])
          await one.session(async (session) => {
            await runAll(session, [`set search_path to "${path}"`])
            for (const statement of statements) {
              // What this version, or this schema, does not take is left out.
              await runAll(session, [statement]).then(
                () => taken++,
                () => undefined,
              )
            }
            await runAll(session, ['reset search_path'])
          })
          const catalog = await inspect(one)
          expect(catalog.problems).toEqual([])
          const { metadata, problems } = metadataOf(catalog)
          expect(problems).toEqual([])
          await createIn(other, metadata)
          expect(differences(linesOf(catalog), linesOf(await inspect(other)))).toEqual([])
        }),
        // What fails is told as it is: to look for a smaller schema would take minutes.
        { seed, numRuns: 25 * times, endOnFailure: true },
      )
      expect(taken).toBeGreaterThan(25 * 8)
    },
  )
})
