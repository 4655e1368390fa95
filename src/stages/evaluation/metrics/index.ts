/** The paper's metrics over trials, each with its interval. */
export { measure, metricsOf, successRateOf, type Measured } from './metrics.js'
export { compareText, grouped, isMeasured, isSolved } from './trials.js'
export { measures, type Measure } from './measures.js'
