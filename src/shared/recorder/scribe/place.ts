import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ScribePlan } from './note.js'

const here = fileURLToPath(import.meta.url)
const folder = path.dirname(here)

/** Bodies come and go: what the thread has done with is looked for soon. */
const LIMITS = { maxYoungGenerationSizeMb: 8 }

/** The writing thread, from its TypeScript where limi itself runs from it. */
export function startWorker(workerData: ScribePlan): Worker {
  if (!here.endsWith('.ts')) return new Worker(path.join(folder, 'worker.js'), { workerData, resourceLimits: LIMITS })
  const jiti = path.join(path.dirname(createRequire(here).resolve('jiti/package.json')), 'lib', 'jiti.mjs')
  const source = `import(${JSON.stringify(pathToFileURL(jiti).href)}).then(({ createJiti }) =>
    createJiti(${JSON.stringify(import.meta.url)}).import(${JSON.stringify(path.join(folder, 'worker.ts'))}))`
  return new Worker(source, { eval: true, workerData })
}
