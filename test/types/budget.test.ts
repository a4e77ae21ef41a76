import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkCost } from '../bench/types/check.js'
import { program } from '../bench/types/espalier.js'
import { queryCount, tableCount } from '../bench/types/schema.js'

// Type instantiations of TypeScript 5.9, which are the same on every machine. A query over four tables may never take
// more than 1,000 and a table of twelve columns no more than 25; pinned is what they take today. If one grows, look
// for what a new overload, conditional type or base interface costs, and raise the figure only if it is worth it.
const budget = { query: 612, table: 15 }

test('A table and a query cost the type checker no more than they did', { timeout: 60_000 }, async () => {
  const paths = {
    '@espalier/core': [fileURLToPath(new URL('../../packages/core/src/index.ts', import.meta.url))],
  }
  const [imports, tables, queries] = await Promise.all(
    (['imports', 'tables', 'queries'] as const).map((extent) =>
      checkCost('espalier-sources', program, extent, paths),
    ),
  )
  const table = (tables!.instantiations - imports!.instantiations) / tableCount
  const query = (queries!.instantiations - tables!.instantiations) / queryCount
  expect(query, 'instantiations per query').toBeLessThanOrEqual(budget.query)
  expect(table, 'instantiations per table').toBeLessThanOrEqual(budget.table)
})
