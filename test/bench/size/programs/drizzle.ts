import { eq } from 'drizzle-orm'
import { integer, pgTable, QueryBuilder, text } from 'drizzle-orm/pg-core'

const users = pgTable('users', { id: integer().primaryKey(), name: text().notNull() })
const { sql, params } = new QueryBuilder()
  .select({ id: users.id, name: users.name })
  .from(users)
  .where(eq(users.id, 1))
  .toSQL()
console.log(sql, params)
