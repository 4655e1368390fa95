export { dockerSandboxes } from './docker.js'
export { theEngine } from './engine.js'
export { defaultImage, hasDefaultImage } from './images.js'
