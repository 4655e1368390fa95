import { parentPort, workerData } from 'node:worker_threads'
import type { Result } from '../../../nouns/index.js'
import { holdHeapSmall } from '../../memory/index.js'
import type { Recorded } from '../recorder.js'
import type { Demand, FromScribe, ScribePlan, ToScribe } from './note.js'
import { Recording } from './recording.js'

/* The thread that writes: notes come in, and each is on its way to the disk when it is told as written. */
holdHeapSmall()
const tell = (message: FromScribe): void => parentPort?.postMessage(message)
const plan = workerData as ScribePlan
const opened = await Recording.open(plan, (line) => tell({ type: 'warn', line }))

if (!opened.ok) tell({ type: 'answer', result: opened })
else {
  const recording = opened.value
  parentPort?.on('message', (message: ToScribe) => {
    if (message.type === 'demand') void answer(recording, message.demand)
    else {
      recording.take(message.notes)
      tell({ type: 'written', bytes: message.bytes })
    }
  })
  tell({ type: 'answer', result: await recording.soFar() })
}

async function answer(recording: Recording, demand: Demand): Promise<void> {
  const result: Result<Recorded> =
    demand.kind === 'so-far' ? await recording.soFar() : await recording.close(demand.end)
  tell({ type: 'answer', result })
  if (demand.kind === 'close') parentPort?.close()
}
