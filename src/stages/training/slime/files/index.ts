/** The files of a run: data, launch scripts, and where they lie. */
export { FILES, layoutOf, MODEL } from './layout.js'
export { runtimeEnvironment, type Launch } from './scripts.js'
export { sharedPlaces } from './shared.js'
export { writeWorkFiles } from './write.js'
