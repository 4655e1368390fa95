/** Renders a conversation by the model's own chat template and says what of it the model emitted. */
export type { Turn } from './turns.js'
export { openRenderer, type Rendered, type RenderedSpan, type Renderer } from './render.js'
