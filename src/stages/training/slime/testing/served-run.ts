import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { unwrap, type Result } from '../../../../nouns/index.js'
import type { TrainedModel, TrainingEngine, TrainingEvent, TrainingJob } from '../../engine.js'
import { slimeEngine } from '../engine.js'
import { layoutOf } from '../files/index.js'
import type { SlimeOptions } from '../options.js'
import { samplesOf, sharedOf, slimeJob } from './job.js'
import { savedLine, serveRay, stepLine, type RayServer, type ServedJob } from './ray-server.js'

const QUICK = { pollMs: 5, patienceMs: 100, stallMs: 60_000 }

/** What three steps print, a line each. */
export const LOG = [
  stepLine(0, '2.5', '5e-06'),
  savedLine(0),
  stepLine(1, '1.5', '1e-05'),
  stepLine(2, '0.5', '1e-06'),
  savedLine(2),
]

/** A run of three steps on a served stand-in for Ray's dashboard. */
export class ServedRun {
  events: TrainingEvent[] = []

  private constructor(
    public ray: RayServer,
    public job: TrainingJob,
  ) {}

  static async begin(): Promise<ServedRun> {
    return new ServedRun(await serveRay(), await ServedRun.newJob())
  }

  static newJob(): Promise<TrainingJob> {
    return slimeJob(samplesOf(6), { batchSize: 4, epochs: 2, saveEvery: 1 })
  }

  engineWith(options: SlimeOptions = {}): TrainingEngine {
    return slimeEngine({ address: this.ray.address, shared: sharedOf(this.job), ...QUICK, ...options })
  }

  async train(options: SlimeOptions = {}, signal?: AbortSignal): Promise<Result<TrainedModel>> {
    const engine = this.engineWith(options)
    unwrap(await engine.prepare(this.job))
    return engine.run(this.job, { onEvent: (event) => this.events.push(event), ...(signal && { signal }) })
  }

  /** For `ray.onAsked`: training prints a line at each look and succeeds; converting leaves a model. */
  readonly goWell = async (_: string, one: ServedJob, times: number): Promise<void> => {
    one.status = 'RUNNING'
    if (one.entrypoint.includes('convert')) {
      const hf = path.join(await this.outputHere(), 'hf')
      await mkdir(hf, { recursive: true })
      await writeFile(path.join(hf, 'config.json'), '{}')
      await writeFile(path.join(hf, 'model.safetensors'), 'trained')
      one.status = 'SUCCEEDED'
      return
    }
    one.log += LOG[times - 1] ?? ''
    if (times > LOG.length) one.status = 'SUCCEEDED'
  }

  /** Where the job's files say that its weights are put. */
  async outputHere(): Promise<string> {
    const settings = await readFile(path.join(layoutOf(this.job.folder).work, 'settings.sh'), 'utf8')
    return path.join(sharedOf(this.job), 'limi', /limi\/(run-1-[\da-f]+)/.exec(settings)?.[1] ?? '')
  }
}
