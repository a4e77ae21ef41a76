export type { PulledFile, Split } from './modules.js'
export { type PulledSchema, type PullOptions, type PullSummary, pullSchema } from './pull.js'
