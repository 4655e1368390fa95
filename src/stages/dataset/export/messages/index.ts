/** Messages with what says of each whether it trains, for engines that render and tokenise by themselves. */
export { llamaFactoryDatasetExport } from './llamafactory.js'
export { msSwiftDatasetExport } from './ms-swift.js'
export { openaiFineTuningExport } from './openai-ft.js'
export { slimeDatasetExport } from './slime.js'
