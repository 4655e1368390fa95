/** The paper's metrics over trials, each with its interval. */
export { metricsBySuite, metricsOf, successRateOf, unusedRoundsOf } from './metrics.js'
export { compareText, grouped, isMeasured, isSolved } from './trials.js'
