export { parseCreate } from './create.js'
export { printStatement, type Replacement, replaceParts } from './replace.js'
export type * from './syntax.js'
export type { Token, TokenKind, TokenList } from './token.js'
