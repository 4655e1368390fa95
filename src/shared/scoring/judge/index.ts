/** Rubrics decided by a model or a person. */
export type * from './judge.js'
