import { done, own, type Price, type Result } from '../../nouns/index.js'
import type { OpenModel } from '../../shared/models/index.js'
import {
  HUMAN_IDENTITY,
  humanJuror,
  modelIdentity,
  modelJuror,
  openTerminal,
  panelIdentity,
  panelJudge,
  type Identity,
  type Judge,
  type Juror,
  type ModelJurorOptions,
} from '../../shared/scoring/index.js'
import type { BenchmarkTask } from '../../stages/evaluation/index.js'
import { inputOf } from '../model-input.js'
import { modelOf } from '../models.js'
import type { Run } from '../run.js'

/** A judge by its name among judges that is no model. */
const HUMAN = 'human'

/** Votes of one model at 0 would nearly be one vote said several times. */
const TEMPERATURE = { one: 0, several: 0.7 } as const

export interface JudgeRequest {
  /** Models by the grammar of names, or `human`. */
  readonly judges?: readonly string[] | undefined
  /** Votes of each; 1 where not given. */
  readonly judgeRepeats?: number | undefined
}

/** Who judges, known before anything is opened for it. */
export interface PlannedJudge {
  readonly identity: Identity
  /** Models that have no price in limi.yaml: what they cost is not known. */
  readonly unpriced: readonly string[]
  /** Opens the models; asks for a terminal where a person judges. */
  open(): Promise<Result<OpenJudge>>
}

export interface OpenJudge {
  readonly judge: Judge
  close(): Promise<void>
}

/** What is asked for on the command line, where it is of any use to these tasks. */
export async function judgeFor(
  run: Run,
  tasks: readonly BenchmarkTask[],
  { judges = [], judgeRepeats = 1 }: JudgeRequest,
): Promise<Result<PlannedJudge | undefined>> {
  if (judges.length === 0) return done(undefined)
  const queries = tasks.flatMap(({ query, further = [] }) => [query, ...further])
  if (queries.some(({ scoring }) => scoring.kind === 'judge')) return plannedJudge(run, judges, judgeRepeats)
  run.warn('none of these tasks is scored by a rubric: --judge is not used')
  return done(undefined)
}

/** The judge of `--judge NAME…` (models by the grammar of names, or `human`) and `--judge-repeats N`. */
async function plannedJudge(run: Run, names: readonly string[], repeats: number): Promise<Result<PlannedJudge>> {
  const temperature = repeats === 1 ? TEMPERATURE.one : TEMPERATURE.several
  const planned: PlannedJuror[] = []
  for (const name of names) {
    const juror = name === HUMAN ? done(PERSON) : await plannedModel(run, name, temperature)
    if (!juror.ok) return juror
    planned.push(juror.value)
  }
  const identity = panelIdentity(
    planned.map((juror) => juror.identity),
    repeats,
  )
  const unpriced = planned.flatMap(({ model }) =>
    model !== undefined && model.price === undefined ? [model.name] : [],
  )
  return done({ identity, unpriced, open: () => openPanel(planned, repeats) })
}

interface OpenJuror {
  readonly juror: Juror
  close(): Promise<void>
}

interface PlannedJuror {
  readonly identity: Identity
  /** Absent where it is a person. */
  readonly model?: { readonly name: string; readonly price: Price | undefined }
  open(): Promise<Result<OpenJuror>>
}

const PERSON: PlannedJuror = {
  identity: HUMAN_IDENTITY,
  async open() {
    const terminal = openTerminal()
    return terminal.ok ? done({ juror: humanJuror(terminal.value), close: async () => undefined }) : terminal
  },
}

async function plannedModel(run: Run, name: string, temperature: number): Promise<Result<PlannedJuror>> {
  const input = await inputOf(run, name)
  if (!input.ok) return input
  const price = own(run.project.config.models, name)?.price
  const options = { temperature, digest: input.value.input.digest, price }
  return done({
    identity: modelIdentity(name, options),
    model: { name, price },
    async open() {
      const opened = await modelOf(run, name)
      return opened.ok ? done(withModel(opened.value, options)) : opened
    },
  })
}

const withModel = (open: OpenModel, options: ModelJurorOptions): OpenJuror => ({
  juror: modelJuror(open.model, options),
  close: () => open.close(),
})

async function openPanel(planned: readonly PlannedJuror[], repeats: number): Promise<Result<OpenJudge>> {
  const open: OpenJuror[] = []
  const close = async (): Promise<void> => {
    for (const juror of open) await juror.close()
  }
  for (const juror of planned) {
    const opened = await juror.open()
    if (!opened.ok) {
      await close()
      return opened
    }
    open.push(opened.value)
  }
  const jurors = open.map(({ juror }) => juror)
  return done({ judge: panelJudge(jurors, repeats), close })
}
