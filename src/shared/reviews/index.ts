/** What people said of trajectories: reviews as files, checked against what they review, and what is taught by them. */
export { applyReview } from './apply.js'
export { readReviews, type ReadReview } from './files.js'
export { resolveReview } from './resolve.js'
