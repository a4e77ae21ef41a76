import { copyTree, fromJSON, type Json, type Statement, toJSON } from '@espalier/core'

/** A way that a statement takes before it runs; on each, it must be the same statement. */
export type Axis = 'as written' | 'copied' | 'through JSON'

/** All the ways that a statement of the suite takes to a database. */
export const axes: readonly Axis[] = ['as written', 'copied', 'through JSON']

const ways: Readonly<Record<Axis, <S extends Statement<unknown>>(statement: S) => S>> = {
  'as written': (statement) => statement,
  copied: (statement) => copyTree(statement),
  'through JSON': <S extends Statement<unknown>>(statement: S) =>
    fromJSON(JSON.parse(JSON.stringify(toJSON(statement))) as Json) as S,
}

export function alongAxis(axis: Axis): <S extends Statement<unknown>>(statement: S) => S {
  return ways[axis]
}
