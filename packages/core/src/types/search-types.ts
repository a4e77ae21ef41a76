import { UnsupportedError } from '../errors.js'
import type { Codec, OwnCodec, TypedDialect } from './codec.js'
import { type SqlType, TEXT } from './sql-type.js'
import { ownType } from './text-types.js'

/** The words of a text, as they are searched: a text in PostgreSQL's form. */
export const TSVECTOR: SqlType = /* @__PURE__ */ searchType('tsvector')
/** What is searched for: a text in PostgreSQL's form. */
export const TSQUERY: SqlType = /* @__PURE__ */ searchType('tsquery')

function searchType(name: string): SqlType {
  const own: OwnCodec = {
    codec(dialect: TypedDialect): Codec {
      if (dialect.lacks.fullText === true) {
        throw new UnsupportedError(
          'unsupported_type',
          `${dialect.name} has no type ${name}. Keep the text, and search it in a virtual table of FTS5, which raw SQL ` +
            'makes and queries: create virtual table … using fts5(…).',
        )
      }
      const { encode, literal } = dialect.types.text as Codec
      return {
        ddl: () => name,
        encode,
        literal: (value, type) => `${literal(encode(value, type), TEXT)}::${name}`,
      }
    },
  }
  return ownType(name, 'named', own)
}
