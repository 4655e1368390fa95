/** A sample that is too long as windows at turn boundaries. */
export { describeWindows, splitWindows } from './split.js'
