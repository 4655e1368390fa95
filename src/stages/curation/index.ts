/** Curation: gates with a reason for each exclusion, and the choice of the few that teach. */
export type { Candidate } from './candidate.js'
export {
  curate,
  DEFAULT_COUNT,
  selectionIsCurrent,
  type Curated,
  type CurateOptions,
  type WithoutSelection,
} from './curate.js'
export { readSelection, writeSelection } from './file.js'
export { askedBy, leaksOf, sharedWith, sharingWords, type Asked } from './gates/index.js'
