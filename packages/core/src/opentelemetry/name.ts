/** What the tracer and the meter of this package are called. */
export const INSTRUMENTATION = '@espalier/core'
