import type { ContenderName, Measurement, Suite, Unit } from './measurement.js'
import { summarise } from './statistics.js'

/** The medians of each case and contender, one a round. */
export class Medians {
  readonly #values = new Map<string, Map<ContenderName, number[]>>()

  add(caseName: string, contender: ContenderName, value: number): void {
    const byContender = this.#values.get(caseName) ?? new Map<ContenderName, number[]>()
    this.#values.set(caseName, byContender)
    byContender.set(contender, [...(byContender.get(contender) ?? []), value])
  }

  /** One measurement for each case and contender. */
  measurements(suite: Suite, unit: Unit, suffix = ''): Measurement[] {
    return [...this.#values].flatMap(([caseName, byContender]) =>
      [...byContender].map(([contender, values]) => {
        const { best, spread } = summarise(values)
        return { suite, case: `${caseName}${suffix}`, contender, median: best, unit, spread }
      }),
    )
  }
}
