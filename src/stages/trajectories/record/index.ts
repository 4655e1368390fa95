/** A person's session with their own agent: their program on their terminal, a query's workspace, rounds, and how it went. */
export { exitCodeOf, runChild, type ChildEnd } from './child.js'
export { playSession, type Session } from './session.js'
export { prepareWorkspace, readWorkspace, sandboxAfter, type Files } from './workspace.js'
export type { Ask } from './ask.js'
