/** Rubrics decided by a model or a person. */
export type * from './judge.js'
export { judgeScorer } from './judge-scorer.js'
export { modelJuror, type ModelJurorOptions } from './model-judge.js'
export { panelJudge, type Juror } from './panel.js'
