/** Model names with weights behind them, resolved to folders. */
export { digestOfModel, type ModelFolder } from './folder.js'
export { hubAddress } from './hub-address.js'
export { locateModel } from './locate.js'
export type { LocateOptions } from './options.js'
export { packageOfModel, type PackageFacts } from './package-facts.js'
export { isFolderRef, parseModelRef, type ModelRef } from './ref.js'
export { serviceOf } from './service.js'
export { locateTokenizer, type HubAccess, type TokenizerFolder } from './tokenizer/index.js'
