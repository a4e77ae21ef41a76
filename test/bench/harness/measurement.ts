/** What a measurement can be about: one suite per question. */
export const suites = ['compile', 'sqlite', 'tpch', 'postgres', 'types', 'size', 'schema', 'migrate'] as const
export type Suite = (typeof suites)[number]

/** Who takes part. The floor is the least work that gives the result: hand-written code on the raw driver. */
export const contenders = [
  'floor',
  'espalier',
  'espalier-prepared',
  'kysely',
  'drizzle',
  'drizzle-prepared',
  'knex',
] as const
export type ContenderName = (typeof contenders)[number]

export type Unit = 'ns' | 'bytes' | 'ms' | 'instantiations'

/** One figure of one contender. `spread` is how far the worst round lay above the best, as a fraction. */
export interface Measurement {
  readonly suite: Suite
  readonly case: string
  readonly contender: ContenderName
  readonly median: number
  readonly unit: Unit
  readonly spread?: number
}

export function find(
  measurements: readonly Measurement[],
  suite: Suite,
  caseName: string,
  contender: ContenderName,
): Measurement | undefined {
  return measurements.find((m) => m.suite === suite && m.case === caseName && m.contender === contender)
}

/** The figure divided by the floor's, or null where a case has no floor. */
export function ratioToFloor(measurement: Measurement, all: readonly Measurement[]): number | null {
  const floor = find(all, measurement.suite, measurement.case, 'floor')
  return floor === undefined ? null : measurement.median / floor.median
}
