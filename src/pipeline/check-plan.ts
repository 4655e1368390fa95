import { done, failed, own, type Failure, type Result, type RunPlan } from '../nouns/index.js'
import { isId, type Project } from '../shared/project/index.js'
import { chooseTasks, findBenchmark } from '../stages/evaluation/index.js'
import { loadRecipe } from '../stages/training/index.js'
import { openBenchmark } from './evaluation/benchmark.js'
import type { Run } from './run.js'
import { withDefaults } from './training/arms.js'
import { repeatable } from './training/recall.js'

/** More generated queries than this is a slip of the finger. */
const MOST_QUERIES = 100_000

/** What is wrong with a plan that no schema sees: names that name nothing, names twice. Asked before the first stage costs anything. */
export async function checkPlan(run: Run, plan: RunPlan): Promise<Result<void>> {
  const { project } = run
  const recipe = await loadRecipe(plan.training.recipe, plan.training.overrides)
  const problems = [
    ...names('run.trajectories.collect', plan.trajectories.collect),
    ...names('run.curation', plan.curation),
    ...names('run.training.arms', plan.training.arms),
    ...references(project, plan),
    ...(await benchmarks(run, plan)),
    ...without(plan),
    ...heldOut(plan, recipe.ok && recipe.value.earlyStopping !== undefined),
    ...(await forgetting(run, plan)),
    ...(recipe.ok ? [] : [`run.training.recipe: ${recipe.failure.message}`]),
    ...(plan.queries.train > MOST_QUERIES ? [`run.queries.train: at most ${MOST_QUERIES}`] : []),
  ]
  const [first] = problems
  if (first === undefined) return done(undefined)
  return failed({
    kind: 'input',
    code: 'plan.invalid',
    message: problems.length === 1 ? first : ['the plan cannot be run:', ...problems].join('\n  '),
    where: project.paths.config,
    remedy: 'correct it; docs/configuration.md lists every key of `run:`',
  })
}

function names(where: string, entries: readonly { readonly name: string }[]): string[] {
  const seen = new Set<string>()
  return entries.flatMap(({ name }) => {
    const twice = seen.has(name)
    seen.add(name)
    if (!isId(name))
      return [`${where}: ${JSON.stringify(name)} cannot be a name: letters, digits, '.', '_' and '-' only`]
    return twice ? [`${where}: two are named ${name}`] : []
  })
}

function references(project: Project, plan: RunPlan): string[] {
  const { agents } = project.config
  const agentOf = (where: string, name: string): string[] =>
    own(agents, name) !== undefined ? [] : [`${where}: limi.yaml has no agent ${JSON.stringify(name)}`]
  const selections = new Set(plan.curation.map((one) => one.name))
  const campaigns = new Set(plan.trajectories.collect.map((one) => one.name))
  return [
    ...plan.trajectories.collect.flatMap((one) => agentOf(`run.trajectories.collect ${one.name}`, one.agent)),
    ...agentOf('run.evaluation.agent', plan.evaluation.agent),
    ...plan.curation.flatMap((one) =>
      (one.campaigns ?? [])
        .filter((campaign) => !campaigns.has(campaign))
        .map((campaign) => `run.curation ${one.name}: there is no campaign ${JSON.stringify(campaign)}`),
    ),
    ...plan.training.arms
      .filter((arm) => !selections.has(arm.selection))
      .map((arm) => `run.training.arms ${arm.name}: there is no selection ${JSON.stringify(arm.selection)}`),
    ...plan.training.arms
      .filter((arm) => arm.name === 'base')
      .map(() => 'run.training.arms: base is the name of the untrained model'),
  ]
}

/** A selection is held out of those that were made before it. */
function without({ curation }: RunPlan): string[] {
  return curation.flatMap((one, at) => {
    const before = curation.slice(0, at).map(({ name }) => name)
    return (one.without ?? [])
      .filter((other) => !before.includes(other))
      .map((other) => `run.curation ${one.name}: no selection ${JSON.stringify(other)} stands before it, to be without`)
  })
}

/** What is measured on must be there where something stops by it, and is asked for in a way that keeps it from being taught. */
function heldOut(plan: RunPlan, stopsEarly: boolean): string[] {
  const { arms } = plan.training
  return arms.flatMap((arm) => {
    const where = `run.training.arms ${arm.name}`
    const name = withDefaults(plan, arm).heldOut
    if (name === undefined)
      return stopsEarly ? [`${where}: early stopping looks at a held-out loss, and no heldOut names a selection`] : []
    const selection = plan.curation.find((one) => one.name === name)
    if (selection === undefined) return [`${where}: there is no selection ${JSON.stringify(name)} to hold out`]
    if (arms.some((other) => other.name === name && other.selection !== name))
      return [`${where}: its heldOut ${name} and an arm of that name would be one dataset`]
    return selection.without?.includes(arm.selection) === true
      ? []
      : [`${where}: run.curation ${name} must have without: [${arm.selection}], or what is taught is measured on`]
  })
}

/** What is to be repeated after training must be there before it. */
async function forgetting(run: Run, plan: RunPlan): Promise<string[]> {
  const problems: string[] = []
  for (const arm of plan.training.arms) {
    const { name, forgetting: evaluation } = withDefaults(plan, arm)
    const found = evaluation === undefined ? done(null) : await repeatable(run, evaluation)
    if (!found.ok) problems.push(`run.training.arms ${name}: forgetting: ${wordsOf(found.failure)}`)
  }
  return problems
}

async function benchmarks(run: Run, plan: RunPlan): Promise<string[]> {
  const evaluated = await openBenchmark(run, plan.evaluation.benchmark)
  if (!evaluated.ok) return [`run.evaluation.benchmark: ${wordsOf(evaluated.failure)}`]
  const { benchmark, close } = evaluated.value
  await close()
  const chosen = chooseTasks(benchmark, plan.seed, { count: plan.evaluation.tasks })
  const taught = plan.queries.benchmark === undefined ? done(benchmark) : findBenchmark(plan.queries.benchmark)
  return [
    ...(taught.ok ? [] : [`run.queries.benchmark: ${taught.failure.message}`]),
    ...(chosen.ok ? [] : [`run.evaluation.tasks: ${chosen.failure.message}`]),
  ]
}

const wordsOf = ({ message, where }: Failure): string => (where === undefined ? message : `${message} (${where})`)
