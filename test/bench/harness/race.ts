import { bundle } from './bundle.js'
import { compare, type Evidence } from './compare.js'
import type { Settings } from './contender.js'
import type { ContenderName, Measurement, Suite } from './measurement.js'
import { Medians } from './medians.js'
import { ContenderProcess } from './process.js'
import type { Sampling } from './protocol.js'
import { type Chosen, median } from './statistics.js'

export interface RaceCase {
  readonly name: string
  /** So dear that it runs only when it is measured, and what it did is compared after that. */
  readonly heavy?: boolean
}

export interface Race {
  readonly suite: Suite
  readonly contenders: readonly ContenderName[]
  readonly cases: readonly RaceCase[]
  readonly settings?: Settings
  readonly rounds: number
  /** Which round stands for all; by default the best. */
  readonly chosen?: Chosen
  /** Milliseconds of each process before anything is measured. */
  readonly warmUp: number
  readonly sampling: Sampling
  readonly heavySampling?: Sampling
  /** Heap per call instead of time, under the case's name with the suffix `.heap`. */
  readonly heap?: boolean
  /** Compares what the contenders did; the default wants the same of all. */
  readonly check?: (evidence: Evidence) => void | Promise<void>
}

/**
 * Measures all contenders side by side: each round starts fresh processes, warms each, and lets them take turns
 * case by case. The figure is one round's median of batches.
 */
export async function race(race: Race): Promise<Measurement[]> {
  const scripts = await Promise.all(race.contenders.map((name) => bundle(race.suite, name)))
  const medians = new Medians()
  for (let round = 0; round < race.rounds; round++) {
    const processes = race.contenders.map(
      (name, index) => new ContenderProcess(name, scripts[index]!, race.heap ? heapOptions : []),
    )
    try {
      await runRound(race, round, processes, medians)
    } finally {
      for (const contender of processes) contender.kill()
    }
  }
  return race.heap
    ? medians.measurements(race.suite, 'bytes', { suffix: '.heap' })
    : medians.measurements(race.suite, 'ns', { chosen: race.chosen })
}

/** A young generation that is larger than any batch, see `allocated`. */
const heapOptions = ['--expose-gc', '--min-semi-space-size=512', '--max-semi-space-size=512']

async function runRound(race: Race, round: number, all: ContenderProcess[], medians: Medians): Promise<void> {
  for (const contender of all) await contender.open(race.settings ?? { url: '' })
  const withCase = (name: string) => all.filter((contender) => contender.cases.includes(name))
  const light = race.cases.filter((test) => !test.heavy)
  const heavy = race.cases.filter((test) => test.heavy)
  const checked = round === 0 && !race.heap

  if (checked) await check(race, light, withCase)
  for (const contender of all) {
    const cases = light.map((test) => test.name).filter((name) => contender.cases.includes(name))
    await contender.ask({ ask: 'warm', cases, milliseconds: race.warmUp })
  }
  for (const test of race.cases) {
    const sampling = test.heavy ? (race.heavySampling ?? race.sampling) : race.sampling
    const samples = new Map<ContenderName, number[]>()
    for (let turn = 0; turn < sampling.turns; turn++) {
      for (const contender of rotated(withCase(test.name), round + turn)) {
        const figures = await measure(race, test.name, sampling, contender)
        samples.set(contender.name, [...(samples.get(contender.name) ?? []), ...figures])
      }
    }
    for (const [name, figures] of samples) medians.add(test.name, name, median(figures))
  }
  if (checked) await check(race, heavy, withCase)
  for (const contender of all) await contender.ask({ ask: 'close' })
}

async function measure(
  race: Race,
  name: string,
  sampling: Sampling,
  contender: ContenderProcess,
): Promise<number[]> {
  const figures = race.heap
    ? await contender.ask({ ask: 'heap', case: name, batches: sampling.batches })
    : await contender.ask({ ask: 'time', case: name, sampling })
  return figures as number[]
}

async function check(
  race: Race,
  cases: readonly RaceCase[],
  withCase: (name: string) => ContenderProcess[],
): Promise<void> {
  for (const { name } of cases) {
    const outcomes = new Map<ContenderName, unknown>()
    for (const contender of withCase(name)) {
      outcomes.set(contender.name, await contender.ask({ ask: 'evidence', case: name }))
    }
    await (race.check ?? compare)({ case: name, outcomes })
  }
}

/** Each turn begins with another contender. */
function rotated<T>(values: readonly T[], by: number): T[] {
  const at = values.length === 0 ? 0 : by % values.length
  return [...values.slice(at), ...values.slice(0, at)]
}
