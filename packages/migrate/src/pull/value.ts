import { type Layout, list, object } from './layout.js'
import { stringSource } from './text.js'

/** A value that source text can say as it is. */
export type Scalar = string | number | bigint | boolean | null

/** A scalar as source text. */
function scalarSource(value: Scalar): string {
  if (typeof value === 'string') return stringSource(value)
  if (typeof value === 'bigint') return `${value}n`
  return Object.is(value, -0) ? '-0' : String(value)
}

/** A key of an object as source text. */
export function keySource(key: string): string {
  if (key === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : stringSource(key)
}

/** Plain data as source text: scalars, lists and objects, whose parts that are undefined are left out. */
export function valueSource(value: unknown): Layout {
  if (Array.isArray(value)) return list('[', value.map(valueSource), ']')
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined)
    return object(entries.map(([key, one]) => [keySource(key), valueSource(one)]))
  }
  return scalarSource(value as Scalar)
}

/** Whether an object says anything. */
export function saysAnything(value: object): boolean {
  return Object.values(value).some((one) => one !== undefined)
}

/** Storage parameters, which the database has as texts, as a person writes them. */
export function storageParameters(parameters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain = (value: unknown) =>
    typeof value !== 'string' || !/^(0|[1-9]\d{0,9}|true|false)$/.test(value) ? value : JSON.parse(value)
  return Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, plain(value)]))
}

/** Numbers that JavaScript holds exactly as such, and the others as bigints. */
export function plainNumbers(options: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key,
      typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value,
    ]),
  )
}
