/** What a model wrote, told apart: reasoning, content and tool calls, by the format of its family. */
export { readAnswers } from './read-answers.js'
export { dialectOf, type Dialect } from './recognise.js'
