/** What a state is worth. */
export { budgetSpent, isBudgetSpent, type JudgeCall, type JudgingAccount } from './account.js'
export * from './judge/index.js'
export * from './module/index.js'
export { NEUTRAL_FEEDBACK } from './points.js'
export { scorerFor, type ScoringMeans } from './scorers.js'
export type * from './scorer.js'
export { readTests, type TestFile } from './verifier/index.js'
