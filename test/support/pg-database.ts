import {
  createDatabase,
  type Database,
  type Driver,
  type Request,
  type Response,
  strayBegin,
} from '@espalier/core'
import {
  cursorPages,
  mapPostgresError,
  postgresBackend,
  postgresDialect,
  refuseSilentRollback,
  wireTexts,
} from '@espalier/dialects'
import pg from 'pg'

/** PostgreSQL over the package pg. */
export function pgDatabase(config: pg.PoolConfig): Database {
  const pool = new pg.Pool({ ...config, options: '-c TimeZone=UTC -c DateStyle=ISO,YMD' })
  pool.on('error', () => undefined) // an idle connection was lost: the pool opens another
  const driver: Driver = {
    async execute(request) {
      const client = await connect(pool)
      let stray = false
      try {
        const response = await run(client, request)
        stray = response.began === true
        if (stray) throw strayBegin(request.sql)
        return response
      } finally {
        client.release(stray)
      }
    },
    async acquire() {
      const client = await connect(pool)
      const execute = (request: Request) => run(client, request)
      return {
        execute,
        stream: (request, rows, inTransaction) => cursorPages(execute, request, rows, inTransaction),
        release: async (broken) => client.release(broken),
      }
    },
    close: () => pool.end(),
  }
  return createDatabase({ dialect: postgresDialect, backend: postgresBackend, driver, pooled: true })
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  return pool.connect().catch((error) => {
    throw mapPostgresError(error, undefined)
  })
}

/** Values stay texts in both directions: the types of Espalier decode them. */
const types = { getTypeParser: () => (text: string) => text }

async function run(client: pg.PoolClient, { sql, params }: Request): Promise<Response> {
  try {
    const answer = await client.query({ text: sql, values: wireTexts(params), rowMode: 'array', types })
    refuseSilentRollback(answer.command, sql)
    return {
      rows: answer.rows,
      affected: answer.rowCount ?? 0,
      columnTypes: answer.fields.map((field) => field.dataTypeID),
      began: answer.command === 'BEGIN',
    }
  } catch (error) {
    throw mapPostgresError(error, sql)
  }
}
