/** Renders a conversation by the model's own chat template and says what of it the model emitted. */
export type { RenderedSpan } from './attribute.js'
export type { MarkedTemplate, Rendered } from './marked.js'
export { openRenderer, type Renderer } from './render.js'
