/** Trajectories as token ids and labels for one model, with the proof that they are right. */
export { buildDataset, type BuildOptions, type BuildProgress, type BuiltDataset } from './build.js'
export {
  onModelMessages,
  stretchesOf,
  type ChatMessage,
  type ChatToolCall,
  type Conversation,
  type ConversationMessage,
  type Threads,
  type ToolDefinition,
  type TrainingRule,
} from './conversation/index.js'
export { readChats, renderChat, type ReadChat, type RenderedChat } from './chats/index.js'
export { describeSample } from './describe.js'
export {
  datasetExporterOf,
  datasetFormats,
  DifferenceTally,
  readBack,
  readBackEngineOf,
  readHoldingProof,
  samplesAsSaid,
  type ConversationSources,
  type CountedDifference,
  type DatasetExporter,
  type ExportRow,
  type ReadBackEngine,
  type ReadBackReport,
} from './export/index.js'
export { certifyByShape, renderEach, type Certify } from './histories/index.js'
export { readProof, readProvedSamples, readSamples, streamSamples } from './files.js'
export { openDatasetModel, type DatasetModel } from './model.js'
export { keptTemplate, type GivenTemplate } from './given-template.js'
export { readModelFiles, type AddedToken, type ModelFiles } from './model-files.js'
export { notesIn, type Note } from './notes.js'
export { madeFrom, type DatasetOptions, type Overflow, type Policy } from './plan.js'
export { checkDataset, parametersOf, type CheckOptions, type DatasetCheck, type Difference } from './prove/check.js'
export { viewSample, type SampleView, type SegmentView, type TokenView } from './show.js'
export { lengthsOf, statisticsBy, statisticsOf, type Bin } from './statistics.js'
export { tokeniseConversation, type Tokenised } from './tokenised.js'
