import type { ContenderName, Measurement, Suite, Unit } from './measurement.js'
import { type Chosen, summarise } from './statistics.js'

interface Shown {
  /** Which round stands for all; by default the best. */
  readonly chosen?: Chosen | undefined
  /** Behind the name of each case. */
  readonly suffix?: string
}

/** The medians of each case and contender, one a round. */
export class Medians {
  readonly #values = new Map<string, Map<ContenderName, number[]>>()

  add(caseName: string, contender: ContenderName, value: number): void {
    const byContender = this.#values.get(caseName) ?? new Map<ContenderName, number[]>()
    this.#values.set(caseName, byContender)
    byContender.set(contender, [...(byContender.get(contender) ?? []), value])
  }

  /** One measurement for each case and contender. */
  measurements(suite: Suite, unit: Unit, { chosen = 'best', suffix = '' }: Shown = {}): Measurement[] {
    return [...this.#values].flatMap(([caseName, byContender]) =>
      [...byContender].map(([contender, values]) => {
        const { figure, spread } = summarise(values, chosen)
        return { suite, case: `${caseName}${suffix}`, contender, median: figure, unit, spread }
      }),
    )
  }
}
