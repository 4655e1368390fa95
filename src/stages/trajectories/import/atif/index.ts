/** Harbor's Agent Trajectory Interchange Format. */
export type { StepDefaults } from './call.js'
export { AtifDocument, NEWEST_ATIF, type AtifStep } from './document.js'
export { atif } from './importer.js'
export { changesBetween, LIMI, present, type Changes } from './limi.js'
export { messagesFrom, type StepPlace } from './step.js'
export { toolOut, toolsFrom } from './tools.js'
export { trajectoryFromAtif } from './trajectory.js'
