export { inspect } from './inspect.js'
