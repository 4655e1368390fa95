/** Training by slime on a Ray cluster: launch files, jobs over Ray's job API, and the model that comes back. */
export { slimeEngine } from './engine.js'
export { Layout as SlimeLayout } from './models.js'
export type { SlimeOptions } from './options.js'
