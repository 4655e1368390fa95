/** Ids and labels, for engines that take them as they are. */
export { axolotlDatasetExport } from './axolotl.js'
export { trlDatasetExport } from './trl.js'
