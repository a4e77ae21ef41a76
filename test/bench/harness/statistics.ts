export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median of no values')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}

/** Which of several rounds stands for all. A busy machine only ever adds time: mostly it is the best. */
export type Chosen = 'best' | 'median'

/** The medians of several rounds as one figure, and how far the worst round lay above the best. */
export function summarise(medians: readonly number[], chosen: Chosen): { figure: number; spread: number } {
  const best = Math.min(...medians)
  const figure = chosen === 'best' ? best : median(medians)
  return { figure, spread: best === 0 ? 0 : Math.max(...medians) / best - 1 }
}
