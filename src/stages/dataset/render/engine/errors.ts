/**
 * Why a template cannot be read or rendered. `template.refused` is what Jinja itself would raise; `value.prints-differently` stands where
 * the answer of Jinja or Python is not known here for certain.
 */
export type EngineErrorCode =
  'template.unreadable' | 'template.refused' | 'template.time' | 'value.prints-differently' | 'text.invalid'

/** Thrown within the engine only; its door turns it into a failure. */
export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    /** Line of the template, from 1. */
    readonly line?: number,
  ) {
    super(message)
  }
}

/** Jinja and Python raise an error here too. */
export function raise(message: string): never {
  throw new EngineError('template.refused', message)
}

/** Jinja may well go on here, with a result that is not known for certain. */
export function unsure(construct: string): never {
  throw new EngineError('value.prints-differently', construct)
}
