/**
 * A list of numbers as the source of all choices. Where it has come to its end, every choice is the first and simplest,
 * so a shorter list of smaller numbers makes a smaller statement: that is how a counter-example shrinks.
 */
export class Choices {
  private at = 0
  constructor(private readonly numbers: readonly number[]) {}

  /** A whole number from 0 to below `count`. */
  below(count: number): number {
    return (this.numbers[this.at++] ?? 0) % count
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }
  /** True once in so many times; never at the end of the list. */
  once(inSoMany: number): boolean {
    return this.below(inSoMany) === 1
  }
  /** From `least` to `most` things. */
  many<T>(least: number, most: number, make: (at: number) => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, (_, at) => make(at))
  }
}
