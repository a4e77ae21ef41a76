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
