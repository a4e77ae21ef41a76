import { compileSuite } from './compile/suite.js'
import { type Measurement, ratioToFloor, type Suite } from './harness/measurement.js'
import { migrateSuite } from './migrate/suite.js'
import { type Options, parseOptions, usage } from './options.js'
import { postgresSuite } from './postgres/suite.js'
import { report } from './report/tables.js'
import { schemaSuite } from './schema/suite.js'
import { sizeSuite } from './size/suite.js'
import { sqliteSuite } from './sqlite/suite.js'
import { tpchSuite } from './tpch/suite.js'
import { typesSuite } from './types/suite.js'

const run: Record<Suite, (options: Options) => Promise<Measurement[]>> = {
  compile: compileSuite,
  sqlite: sqliteSuite,
  tpch: tpchSuite,
  postgres: postgresSuite,
  types: typesSuite,
  size: sizeSuite,
  schema: schemaSuite,
  migrate: migrateSuite,
}

async function main(args: string[]): Promise<void> {
  const options = parseOptions(args)
  if (options === 'help') {
    console.log(usage)
    return
  }
  if (!options.json) console.log(legend)
  const all: Measurement[] = []
  for (const suite of options.suites) {
    console.error(`${suite} …`)
    const measurements = await run[suite](options)
    all.push(...measurements)
    if (!options.json) console.log(`\n${report(suite, measurements)}`)
  }
  if (options.json)
    console.log(
      JSON.stringify(
        all.map((m) => record(m, all)),
        null,
        1,
      ),
    )
}

const legend = `Times are medians of batches, the best of the rounds or, on PostgreSQL, the median round; "x" is the ratio to the
floor, hand-written code on the raw driver; "+n%" is how far the worst round lay above the best, where that is 15 %
or more.`

function record(m: Measurement, all: readonly Measurement[]) {
  return {
    suite: m.suite,
    case: m.case,
    contender: m.contender,
    median: m.median,
    unit: m.unit,
    ratioToFloor: ratioToFloor(m, all),
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
