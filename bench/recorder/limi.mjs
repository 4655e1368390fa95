// The recorder alone, as `limi record` starts it; ends when its input does, and says what it recorded.
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = process.env.LIMI_DIST ?? path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../dist')
const { startRecorder } = await import(path.join(dist, 'shared/recorder/index.js'))
const { holdYoungHeapSmall } = await import(path.join(dist, 'shared/memory/index.js'))
holdYoungHeapSmall()
const [, , upstream, folder] = process.argv
const header = {
  type: 'header',
  format: 'limi.trajectory/1',
  id: 'bench',
  source: { kind: 'recorded', agent: 'other', model: 'unknown' },
  tags: {},
}
const started = await startRecorder({
  folder: path.join(folder, 'run'),
  file: path.join(folder, 'bench.jsonl'),
  header,
  agent: 'other',
  routes: [{ name: 'any', upstream: { kind: 'pass', baseUrl: `${upstream}/v1` } }],
  command: [],
  warn: (line) => console.error(line),
})
if (!started.ok) throw new Error(started.failure.message)
console.log(started.value.urlOf('any'))
process.stdin.resume()
process.stdin.on('end', async () => {
  const outcome = { status: 'unknown', by: 'person' }
  console.log(JSON.stringify(await started.value.close({ rounds: [], roundStarts: [], outcome, whole: true })))
})
