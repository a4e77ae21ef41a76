import * as crypto from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as core from '@espalier/core'
import * as coreOpenTelemetry from '@espalier/core/opentelemetry'
import * as coreZod from '@espalier/core/zod'
import * as conformance from '@espalier/dialects/conformance'
import * as pgliteModule from '@espalier/dialects/pglite'
import * as postgresModule from '@espalier/dialects/postgres'
import * as postgresInspect from '@espalier/dialects/postgres/inspect'
import * as sqliteModule from '@espalier/dialects/sqlite'
import * as sqliteInspect from '@espalier/dialects/sqlite/inspect'
import * as migrate from '@espalier/migrate'
import * as cli from '@espalier/migrate/cli'
import * as migrateTesting from '@espalier/migrate/testing'
import * as temporal from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as zod from 'zod'
import { allBlocks, placeOf } from './blocks.js'
import * as preamble from './preamble.js'
import { parse, typeErrors } from './program.js'
import { type Modules, runExample } from './run.js'
import { surroundingsOf } from './surroundings.js'
import { verified } from './verify.js'

const modules: Modules = new Map<string, Readonly<Record<string, unknown>>>([
  ['preamble', preamble],
  ['node:crypto', crypto],
  ['@espalier/core', core],
  ['@espalier/core/opentelemetry', coreOpenTelemetry],
  ['@espalier/core/zod', coreZod],
  ['temporal-polyfill', temporal],
  ['zod', zod],
  ['@espalier/dialects/postgres', postgresModule],
  ['@espalier/dialects/postgres/inspect', postgresInspect],
  ['@espalier/dialects/sqlite', sqliteModule],
  ['@espalier/dialects/sqlite/inspect', sqliteInspect],
  ['@espalier/dialects/pglite', pgliteModule],
  ['@espalier/dialects/conformance', conformance],
  ['@espalier/migrate', migrate],
  ['@espalier/migrate/cli', cli],
  ['@espalier/migrate/testing', migrateTesting],
])
const examples = allBlocks()
const checked = examples.filter(({ mode }) => mode !== 'look').map(parse)
const run = checked.filter(({ block }) => block.mode === 'run')

// What examples write to files goes where it is in nobody's way.
const home = process.cwd()
beforeAll(() => process.chdir(mkdtempSync(join(tmpdir(), 'espalier-docs-'))))
afterAll(() => process.chdir(home))

test('Every example type-checks', async () => {
  expect((await typeErrors(checked, surroundingsOf)).join('\n')).toBe('')
}, 120_000)

describe('Every example runs, and says of its SQL what is so', () => {
  let pglite: core.Database
  // It takes seconds to start, and many of them on a busy machine.
  beforeAll(async () => {
    pglite = await pgliteModule.pglite()
  }, 120_000)
  afterAll(() => pglite.close())
  const { sqlite } = sqliteModule

  test.each(run.map((parsed) => [placeOf(parsed.block, parsed.block.before), parsed] as const))(
    '%s',
    async (_place, parsed) => {
      await using lite = sqlite(':memory:')
      await preamble.prepare(lite)
      await runExample(parsed, surroundingsOf, modules, lite)
      await pglite.run(core.sql.statement`drop schema public cascade`)
      await pglite.run(core.sql.statement`create schema public`)
      await preamble.prepare(pglite)
      await runExample(parsed, surroundingsOf, modules, pglite)
    },
  )
})

test('Few examples are not run', () => {
  const places = (mode: string) =>
    examples.filter((block) => block.mode === mode).map((block) => placeOf(block, block.before))
  expect(places('look').length, `fragments: ${places('look').join(', ')}`).toBeLessThanOrEqual(10)
  expect(places('check').length, `not run: ${places('check').join(', ')}`).toBeLessThanOrEqual(25)
  expect(verified.sql).toBeGreaterThan(100)
})
