/** Ray's job API: jobs, their logs, and packed working directories. */
export { rayClient, type JobInfo, type RayClient } from './client.js'
export { packFiles } from './package.js'
