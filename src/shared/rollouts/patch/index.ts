/** What an agent did to a workspace, as a patch that git reads. */
export { workspacePatch } from './workspace-patch.js'
