/** Ray's job API: jobs, their logs, and packed working directories. */
export { rayClient, type JobInfo, type RayClient, type Submission } from './client.js'
export { packFiles } from './package.js'
