/** Trajectories in forms that other tools read: a folder a format, or a family of formats. */
export { conversationOf } from './conversation.js'
export { exportTrajectory } from './export.js'
export type { Exported, Lost, TrajectoryExporter } from './exporter.js'
export { exporterOf, exportFormats } from './registry.js'
