/** Folders of tasks as Harbor and Terminal-Bench keep them. */
export { holdsHarborTasks, readHarbor } from './folder.js'
