import { BuildError, excerpt } from '../errors.js'

/** How a sequence counts; all of them whole numbers. */
export interface SequenceOptions {
  /** The first number. */
  readonly start?: number | bigint
  /** What is added each time; below 0 it counts down. */
  readonly increment?: number | bigint
  readonly min?: number | bigint
  readonly max?: number | bigint
  /** How many numbers a session takes at once; those that it does not use are lost. */
  readonly cache?: number | bigint
  /** Whether it begins anew behind its end, in place of an error. */
  readonly cycle?: boolean
}

/** The options of a sequence as SQL, with a blank in front of each. */
export function sequenceText(options: SequenceOptions): string {
  const { start, increment, min, max, cache, cycle } = options
  const parts = [
    ['start with', start],
    ['increment by', increment],
    ['minvalue', min],
    ['maxvalue', max],
    ['cache', cache],
  ] as const
  const text = parts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name} ${wholeNumber(name, value)}`)
  return text.join('') + (cycle === true ? ' cycle' : cycle === false ? ' no cycle' : '')
}

function wholeNumber(name: string, value: unknown): string {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value)
  throw new BuildError('invalid_sequence', `${name} of a sequence is a whole number, not ${excerpt(value)}.`)
}
