export type { Listening } from '../postgres/listener.js'
export { type PgliteDatabase, type PgliteOptions, pglite } from './database.js'
export { type PgliteDriverOptions, type PgliteTarget, pgliteDriver } from './driver.js'
