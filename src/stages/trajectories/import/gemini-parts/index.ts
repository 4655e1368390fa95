/** The Gemini API's contents and parts, in which Gemini CLI and Qwen Code keep what was said. */
export { draftsFrom, resultFrom, type Draft } from './content.js'
export { MessageIds } from './ids.js'
export { Content, FunctionResponse, Part, PartList, partsOf } from './schema.js'
