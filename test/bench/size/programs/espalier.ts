import { integer, select, table, text } from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'

const users = table('users', { id: integer().primaryKey(), name: text().notNull() })
const { sql, params } = select({ id: users.id, name: users.name })
  .from(users)
  .where(users.id.eq(1))
  .toSQL(postgresDialect)
console.log(sql, params)
