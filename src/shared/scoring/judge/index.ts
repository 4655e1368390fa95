/** Rubrics decided by a model or a person. */
export type * from './judge.js'
export { askPerson, HUMAN_IDENTITY, humanJuror, type PersonsSheet } from './human-judge.js'
export { dataIn } from './judgement.js'
export { judgeScorer } from './judge-scorer.js'
export { modelIdentity, modelJuror, type ModelJurorOptions } from './model-judge.js'
export { panelIdentity, panelJudge, type Identity, type Juror } from './panel.js'
export { openTerminal } from './terminal.js'
