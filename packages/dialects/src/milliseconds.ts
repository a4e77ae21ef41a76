import { BuildError, excerpt } from '@espalier/core'

/** Refuses a limit of time that is none: 0 means for ever to one database, and not at all to another. */
export function requireMilliseconds(option: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) > 0 && (value as number) <= 2_147_483_647)
    return value as number
  throw new BuildError(
    'invalid_options',
    `${option} is a whole number of milliseconds, at least 1, not ${excerpt(value)}. Leave it out for no limit.`,
  )
}
