import knexModule from 'knex'

const db = knexModule.knex({ client: 'pg' })
const { sql, bindings } = db('users').select('id', 'name').where('id', 1).toSQL().toNative()
console.log(sql, bindings)
