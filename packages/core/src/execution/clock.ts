// In every runtime, and in no library of types that all of them share.
declare function setTimeout(callback: () => void, milliseconds: number): unknown
declare function clearTimeout(timer: unknown): void

/** As long as a timer of any runtime can be: a longer one would be over at once. */
const LONGEST = 2 ** 31 - 1

/** Calls a function after some milliseconds, unless the function that it returns is called before. */
export function after(milliseconds: number, callback: () => void): () => void {
  if (milliseconds > LONGEST) return () => undefined
  const timer = setTimeout(callback, milliseconds)
  return () => clearTimeout(timer)
}
