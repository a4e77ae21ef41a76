export { type OpenTelemetryOptions, openTelemetry } from './observer.js'
