/** Where an agent acts: a workspace and a shell. */
export { sandboxProvider } from './providers.js'
export type * from './sandbox.js'
export { bubblewrapSandboxes } from './bubblewrap/index.js'
export { defaultImage, dockerSandboxes, hasDefaultImage, theEngine } from './docker/index.js'
export { virtualSandboxes } from './virtual/index.js'
