/** Google's Gemini. */
export { draftsFrom, resultFrom, type Draft } from './parts.js'
export { usageFrom } from './usage.js'
