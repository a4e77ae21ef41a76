export type { CatalogMetadata } from '../../catalog-metadata.js'
export { inspect } from './inspect.js'
export { metadataOf } from './metadata.js'
export { type CatalogSource, sourcesOf } from './sources.js'
