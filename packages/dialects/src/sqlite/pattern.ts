import { byteLength, CompileError, ValueError } from '@espalier/core'

/**
 * A `like` pattern as one of `glob`, which is the same with other characters: `*` and `?` for `%` and `_`, and sets
 * in brackets, by which its own special characters are taken literally.
 *
 * See https://sqlite.org/lang_expr.html#the_like_glob_regexp_match_and_extract_operators
 */
export function likeToGlob(pattern: string): string {
  let glob = ''
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] as string
    if (character === '\\') glob += literalCharacter(pattern[++i] ?? '\\')
    else if (character === '%') glob += '*'
    else if (character === '_') glob += '?'
    else glob += literalCharacter(character)
  }
  return glob
}

function literalCharacter(character: string): string {
  return character === '*' || character === '?' || character === '[' ? `[${character}]` : character
}

const LONGEST = 50_000

/** Refuses patterns that SQLite does not take, or would take for shorter ones. */
export function checkPattern(pattern: string): void {
  if (pattern.includes('\0')) {
    throw new ValueError(
      'invalid_value',
      'A pattern cannot contain NUL (\\u0000): SQLite reads patterns up to it only.',
    )
  }
  // https://sqlite.org/limits.html#max_like_pattern_length
  if (pattern.length * 3 > LONGEST && byteLength(pattern) > LONGEST) {
    throw new CompileError(
      'pattern_too_long',
      `SQLite takes patterns of at most ${LONGEST} bytes; this one has ${byteLength(pattern)}.`,
    )
  }
}
