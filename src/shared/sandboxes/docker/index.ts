export { dockerSandboxes } from './docker.js'
