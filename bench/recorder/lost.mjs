// What is in a recording's log, compared with what must have gone by: an answer can be computed from its request.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { answerTo } from './upstream.mjs'

const dist = process.env.LIMI_DIST ?? path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../dist')

export async function lostIn(folder) {
  const { readCalls } = await import(path.join(dist, 'shared/recorder/index.js'))
  let [calls, wrong] = [0, 0]
  for await (const call of readCalls(folder, (line) => console.log(line))) {
    calls += 1
    const body = await call.requestBody()
    const said = []
    for await (const { bytes } of call.response()) said.push(bytes)
    const stream = JSON.parse(body).stream
    if (call.how !== 'complete' || Buffer.concat(said).toString() !== answerTo(call.url, body, stream).join(''))
      wrong += 1
  }
  return `${wrong} of ${calls} calls`
}
