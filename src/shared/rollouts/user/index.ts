/** A model that speaks as the person who asked. */
export { USER_PROMPT_VERSION } from './prompt.js'
export { simulatedUser, type SimulatedUserOptions } from './simulated-user.js'
