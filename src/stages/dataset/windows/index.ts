/** A sample that is too long as windows at turn boundaries. */
export { describeWindows, splitWindows, type Window } from './split.js'
