export { type PgliteOptions, pglite } from './database.js'
export { type PgliteDriverOptions, pgliteDriver } from './driver.js'
