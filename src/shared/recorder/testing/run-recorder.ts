import type { TrajectoryHeader } from '../../../nouns/index.js'
import { startRecorder } from '../index.js'

/* A recorder in a process of its own, for tests that end it: its folder, its trajectory's file, its upstream. It prints the route's address. */
const [folder = '', file = '', baseUrl = ''] = process.argv.slice(-3)
const header: TrajectoryHeader = {
  type: 'header',
  format: 'limi.trajectory/1',
  id: 'one',
  source: { kind: 'recorded', agent: 'other', model: 'unknown' },
  tags: {},
}
const started = await startRecorder({
  ...{ folder, file, header, agent: 'other', command: [] },
  routes: [{ name: 'r', upstream: { kind: 'pass', baseUrl } }],
  warn: (line) => process.stderr.write(`${line}\n`),
})
process.stdout.write(`${started.ok ? started.value.urlOf('r') : started.failure.message}\n`)
