/**
 * Reads an instant as databases write one: `2026-11-21 10:30:00.123456+00`, `2026-11-21T10:30:00Z`, `2026-11-21`,
 * in the years 1 to 9999; a text without offset is UTC. What is finer than a millisecond is cut off, not rounded.
 *
 * Returns milliseconds since 1970, or NaN for any other text (`infinity`, years BC).
 */
export function parseInstant(text: string): number {
  // By character codes: 100 to 140 ns, where a regular expression takes 310 to 330 ns (Node 20). `Date.parse` takes
  // 165 ns, and reads a text without offset in the zone of the machine.
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  if (text[4] !== '-' || text[7] !== '-' || year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
    return NaN
  if (text.length === 10) return utc(year, month, day, 0, 0, 0, 0)
  const separator = text[10]
  if ((separator !== ' ' && separator !== 'T') || text[13] !== ':') return NaN
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  if (hour > 23 || minute > 59) return NaN
  let at = 16
  let second = 0
  let milliseconds = 0
  if (text[at] === ':') {
    second = digits(text, 17, 2)
    if (second > 59) return NaN
    at = 19
    if (text[at] === '.') {
      let unit = 100
      let code = text.charCodeAt(++at)
      while (code >= 48 && code <= 57) {
        milliseconds += Math.trunc(unit) * (code - 48)
        unit /= 10
        code = text.charCodeAt(++at)
      }
    }
  }
  const time = utc(year, month, day, hour, minute, second, milliseconds)
  return at === text.length ? time : time - offset(text, at)
}

/** The number that `count` digits at `start` make; NaN if there are other characters. */
function digits(text: string, start: number, count: number): number {
  let number = 0
  for (let i = start; i < start + count; i++) {
    const digit = text.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return NaN
    number = number * 10 + digit
  }
  return number
}

function utc(
  year: number,
  month: number,
  day: number,
  hour: number,
  min: number,
  sec: number,
  ms: number,
): number {
  if (year > 99) {
    const time = Date.UTC(year, month - 1, day, hour, min, sec, ms)
    return day < 29 || new Date(time).getUTCDate() === day || hour > 23 ? time : NaN
  }
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, min, sec, ms)
  return date.getUTCDate() === day ? date.getTime() : NaN
}

/** `Z`, `+02`, `-03:30`, `+0130` or `+00:19:32` at the end of a text, in milliseconds; NaN for anything else. */
function offset(text: string, at: number): number {
  if (text[at] === 'Z') return at + 1 === text.length ? 0 : NaN
  const sign = text[at] === '+' ? 1 : text[at] === '-' ? -1 : NaN
  let total = 0
  let unit = 3600000
  let next = at + 1
  while (next < text.length) {
    if (text[next] === ':') next++
    total += digits(text, next, 2) * unit
    unit /= 60
    next += 2
  }
  return next === at + 1 ? NaN : sign * total
}
