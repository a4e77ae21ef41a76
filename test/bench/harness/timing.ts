import type { Case, Operation } from './contender.js'
import type { Sampling } from './protocol.js'

// Not mitata nor tinybench: both measure one process from start to end, and here the processes of all
// contenders take turns case by case, so that a slow phase of the machine hits all of them alike.

/** Keeps the last result reachable, so that no operation can be optimised away. */
const kept: { last?: unknown } = {}

/** Counts on over all batches of a process: an insert never sees the same key twice. */
let calls = 0

/** Nanoseconds of `count` calls, and for the asynchronous ones a promise of them. */
function time(run: Operation, count: number): number | Promise<number> {
  const start = process.hrtime.bigint()
  const first = run(calls++)
  if (isThenable(first)) return timeAsync(run, count, start, first)
  kept.last = first
  for (let n = 1; n < count; n++) kept.last = run(calls++)
  return Number(process.hrtime.bigint() - start)
}

async function timeAsync(run: Operation, count: number, start: bigint, first: unknown): Promise<number> {
  kept.last = await first
  for (let n = 1; n < count; n++) kept.last = await run(calls++)
  return Number(process.hrtime.bigint() - start)
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value
}

/** Nanoseconds of one batch, after the case's untimed preparation. */
async function batch(test: Case, count: number): Promise<number> {
  await test.before?.()
  return await time(test.run, count)
}

/** Runs all cases in turn, so that the code they share sees every shape, as in an application. */
export async function warm(tests: readonly Case[], milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds
  while (performance.now() < end) {
    for (const test of tests) await callsWithin(test, 10)
  }
}

/** How many calls make a batch, found when a case is measured for the first time. */
const counts = new Map<Case, number>()

/** Nanoseconds per query, one figure a batch. */
export async function sample(test: Case, sampling: Sampling): Promise<number[]> {
  const { milliseconds } = sampling
  const count = milliseconds === 0 ? 1 : (counts.get(test) ?? (await callsWithin(test, milliseconds)))
  counts.set(test, count)
  const samples: number[] = []
  for (let n = 0; n < sampling.batches; n++) {
    samples.push((await batch(test, count)) / count / (test.queries ?? 1))
  }
  return samples
}

/** How many calls fill so many milliseconds, found by doubling. */
async function callsWithin(test: Case, milliseconds: number): Promise<number> {
  let count = 1
  while (true) {
    const spent = (await batch(test, count)) / 1e6
    if (spent >= milliseconds / 2) return Math.max(1, Math.round((count * milliseconds) / spent))
    count *= spent < milliseconds / 16 ? 8 : 2
  }
}

/**
 * Bytes allocated on the heap per call, one figure a batch. The process runs with a young generation that is
 * larger than a batch, so that nothing is collected while one is counted.
 */
export function allocated(test: Case, batches: number): number[] {
  if (gc === undefined) throw new Error('Counting heap needs a process started with --expose-gc')
  const count = callsOfBytes(test, 64e6)
  const samples: number[] = []
  for (let n = 0; n < batches; n++) samples.push(bytesOf(test, count) / count)
  return samples
}

function bytesOf(test: Case, count: number): number {
  gc?.()
  const before = process.memoryUsage().heapUsed
  for (let n = 0; n < count; n++) kept.last = test.run(calls++)
  return process.memoryUsage().heapUsed - before
}

function callsOfBytes(test: Case, bytes: number): number {
  const each = bytesOf(test, 4) / 4
  return Math.max(1, Math.min(20_000, Math.floor(bytes / Math.max(each, 1))))
}
