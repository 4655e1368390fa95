/** Real programs behind walls: Linux namespaces by bubblewrap. */
export { bubblewrapSandboxes } from './bubblewrap.js'
