export type { Axis } from './axes.js'
export { axes } from './axes.js'
export type { Feature } from './case.js'
export { ConformanceFailure } from './compare.js'
export {
  type ConformanceCase,
  type ConformanceOptions,
  type ConformanceResult,
  conformanceCases,
  runConformance,
} from './run.js'
export { setUpConformance, tearDownConformance } from './schema.js'
