/** Who acts. */
export type * from './agent.js'
export { builtInAgent, firstFencedCommand, type BuiltInOptions } from './built-in/index.js'
export type { AgentLauncher, AgentRoute, Environment, Launch } from './known/launch.js'
export { trimmed } from './known/launch.js'
export { agentNames, launcherNamed, launcherOf } from './known/launchers.js'
export { habitsNamed } from './known/all-habits.js'
export { isReminder } from './known/begins.js'
export type { AgentHabits, CallIdentity } from './known/habits.js'
