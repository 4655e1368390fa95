/** How far a judge's scores are a person's. */
export { calibrate, type Calibration } from './calibrate.js'
export { readHumanScores, type HumanScore } from './human-scores.js'
export { humanFile, judgedRows, type JudgedRow } from './judged.js'
export { scoresOf } from './pairs.js'
export { keptSheets, writeHumanScores, type KeptSheet } from './sheets.js'
export { calibrationText } from './words.js'
