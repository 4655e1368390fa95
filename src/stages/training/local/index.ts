/**
 * What the engines on this machine share: a trainer's process watched, stopped and its end explained; its checkpoints gone on with;
 * recipes in transformers' words and what of them no engine here can follow; a base model's size and the disk that a run needs.
 */
export { lackOfRoom, storedBytes, trainedBytes } from './disk.js'
export { failureOf, type SaidEnd } from './failures.js'
export { shapeOf, type ModelShape } from './model-shape.js'
export { startEngine } from './process.js'
export { historyOf, lastCheckpoint, resultOf, type History, type Resumable } from './resume.js'
export { linesOf } from './samples.js'
export { commented, trainerOptions } from './trainer-options.js'
export { refusalHere, unsupported } from './unsupported.js'
