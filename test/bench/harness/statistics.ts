export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median of no values')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}

/**
 * The medians of several rounds as one figure: the best round, because a busy machine only ever adds time,
 * and how far the worst round lay above it.
 */
export function summarise(medians: readonly number[]): { best: number; spread: number } {
  const best = Math.min(...medians)
  return { best, spread: best === 0 ? 0 : Math.max(...medians) / best - 1 }
}
