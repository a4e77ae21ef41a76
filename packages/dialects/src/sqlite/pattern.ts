import {
  byteLength,
  CompileError,
  type LikeExpressionNode,
  Precedence,
  ValueError,
  type Writer,
} from '@espalier/core'

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

/**
 * What {@link likeToGlob} does, one replacement after the other. What was escaped is `~` with a number until the end, and
 * so is `~` itself.
 */
const translation = [
  ["'~'", "'~0'"],
  ["'\\\\'", "'~1'"],
  ["'\\%'", "'~2'"],
  ["'\\_'", "'~3'"],
  ["'\\'", "''"],
  ["'['", "'[[]'"],
  ["'*'", "'[*]'"],
  ["'?'", "'[?]'"],
  ["'%'", "'*'"],
  ["'_'", "'?'"],
  ["'~3'", "'_'"],
  ["'~2'", "'%'"],
  ["'~1'", "'\\'"],
  ["'~0'", "'~'"],
] as const

/** Matches a pattern that the database computes: with case by `glob`, without by `like`. */
export function writeLikeExpression(node: LikeExpressionNode, to: Writer): void {
  const { operand, pattern, ignoreCase, negated } = node
  to.operand(operand, Precedence.comparison + 1)
  to.text(negated ? ' not ' : ' ')
  if (ignoreCase) {
    to.text('like ')
    to.operand(pattern, Precedence.comparison + 1)
    to.text(" escape '\\'")
    return
  }
  to.text(`glob ${'replace('.repeat(translation.length)}`)
  to.visit(pattern)
  for (const [from, by] of translation) to.text(`, ${from}, ${by})`)
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
