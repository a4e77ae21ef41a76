import type { Unit } from '../harness/measurement.js'

/** A figure for people: three significant digits and a unit of fitting size. */
export function shown(value: number, unit: Unit): string {
  if (unit === 'ns') return time(value)
  if (unit === 'ms') return time(value * 1e6)
  if (unit === 'bytes') return value < 10_000 ? `${Math.round(value)} B` : `${digits(value / 1000)} kB`
  return digits(value)
}

export function shownRatio(ratio: number): string {
  return `${digits(ratio)}x`
}

function time(ns: number): string {
  if (ns < 1e3) return `${digits(ns)} ns`
  if (ns < 1e6) return `${digits(ns / 1e3)} µs`
  return ns < 1e9 ? `${digits(ns / 1e6)} ms` : `${digits(ns / 1e9)} s`
}

function digits(value: number): string {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}
