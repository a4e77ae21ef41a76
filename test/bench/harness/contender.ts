/** One operation. `i` counts the calls of the case in this process, so that parameters and keys differ. */
export type Operation = (i: number) => unknown

export interface Case {
  /** The operation that is timed; a promise is awaited. */
  readonly run: Operation
  /** How many queries one `run` stands for; the time is divided by it. Default 1. */
  readonly queries?: number
  /** Untimed work before each batch, such as emptying a table. */
  readonly before?: () => unknown
  /** What the operation led to, comparable with other contenders'. Default: the result of `run(1)`. */
  readonly evidence?: () => unknown
}

/** A contender as a process sees it: its cases, and how to let go of what they hold. */
export interface Contender {
  readonly cases: Readonly<Record<string, Case>>
  readonly close?: () => unknown
}

/** What a contender's module exports as `open`. */
export type OpenContender = (settings: Settings) => Contender | Promise<Contender>

export interface Settings {
  /** The PostgreSQL database with the tables of the bench; empty in other suites. */
  readonly url: string
}
