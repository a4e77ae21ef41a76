export { type ConnectionMetricsOptions, connectionMetrics } from './connections.js'
export { type OpenTelemetryOptions, openTelemetry } from './observer.js'
