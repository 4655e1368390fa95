/** What a run shows of itself: the data, the page, and plain text for the terminal. */
export * from './run-report.js'
export * from './dataset/index.js'
export * from './evaluation/index.js'
export * from './training/index.js'
export { isOurPage, renderRunReport } from './page/index.js'
export { bar, displayWidth, rateText, table, type TableOptions } from './terminal.js'
export { durationText, integerText, percentText, plural, pointsText, pText, visible } from './text.js'
