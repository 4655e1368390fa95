/** Hidden tests that come into the sandbox once a round is over: those of Harbor and Terminal-Bench. */
export { readTests, type TestFile } from './tests.js'
export { verifierScorer } from './verifier.js'
