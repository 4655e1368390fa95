// Makes the fixtures that the normal suite replays from recordings of the real agents:
//   LIMI_KEEP_RECORDINGS=/some/folder npm run test:agents test/agents/recorded
//   node scripts/cut-recordings.mjs /some/folder
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createJiti } from 'jiti'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const [from, to = path.join(root, 'test/fixtures/recordings')] = process.argv.slice(2)
if (from === undefined) throw new Error('name the folder that LIMI_KEEP_RECORDINGS named')
const { cutRecordings } = await createJiti(import.meta.url).import('../test/agents/cut/index.ts')
for (const folder of await cutRecordings(path.resolve(from), to)) console.log(path.relative(process.cwd(), folder))
