export { pglite } from './database.js'
export { pgliteDriver } from './driver.js'
