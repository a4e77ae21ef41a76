import { parseArgs } from 'node:util'
import { type ContenderName, contenders, type Suite, suites } from './harness/measurement.js'

export interface Options {
  readonly suites: readonly Suite[]
  readonly json: boolean
  readonly quick: boolean
  readonly only: ReadonlySet<ContenderName>
}

export const usage = `bench [${suites.join('|')}] [--json] [--quick] [--only contender,…]

  no suite       all of them
  --json         one array of {suite, case, contender, median, unit, ratioToFloor} and nothing else
  --quick        one short round: good for factors, not for percents
  --only         only these of ${contenders.join(', ')}`

/** The command line as options; throws an error that tells what is wrong with it. */
export function parseOptions(args: string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  })
  if (values.help) return 'help'
  return {
    suites: positionals.length === 0 ? suites : positionals.map((name) => oneOf(suites, name, 'suite')),
    json: values.json,
    quick: values.quick,
    only: new Set(values.only?.split(',').map((name) => oneOf(contenders, name, 'contender')) ?? contenders),
  }
}

function oneOf<T extends string>(known: readonly T[], name: string, what: string): T {
  const found = known.find((other) => other === name)
  if (found === undefined) throw new Error(`There is no ${what} ${name}, only ${known.join(', ')}`)
  return found
}
