/** The languages that agents speak to models, read and written, both sides. */
export type * from './dialect.js'
