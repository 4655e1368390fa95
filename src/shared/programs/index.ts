/** Agents that are programs of their own: at work in a sandbox, recorded on the wire. */
export { programAgent } from './agent.js'
