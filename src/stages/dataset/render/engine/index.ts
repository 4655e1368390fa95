/** A chat template engine that prints what jinja2 prints in transformers, or says where it cannot tell. */
export { EngineError } from './errors.js'
export { openTemplate, type Template } from './template.js'
