import type { Options } from 'tsup'

/**
 * How each package is built: every entry as ESM and as CJS, each with its declarations. All the rest is bundled,
 * so that importing a package reads few files; what the entries share is a chunk of its own in ESM.
 *
 * On the platform `neutral` a Node built-in does not resolve: a package that must run anywhere fails to build
 * with one.
 */
export function library(platform: 'neutral' | 'node', entry: Record<string, string>): Options {
  return {
    entry,
    platform,
    format: ['esm', 'cjs'],
    target: 'es2022',
    dts: true,
    sourcemap: true,
    clean: true,
    silent: true,
    removeNodeProtocol: false,
    tsconfig: 'tsconfig.build.json',
  }
}
