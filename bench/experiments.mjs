// The experiments of docs/experiments.md, from one script that can be stopped and started again:
//   node bench/experiments.mjs [--dir DIR] [--seeds 0,1,2] [--arms curated,good300]
// One project a seed, arm by arm, so that every finished arm is a row even when the rest is still to come. A row is added to
// docs/experiments/results.json as soon as it is measured, and the tables are printed as Markdown.
import { mkdir, readdir, readFile, writeFile, cp } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { demoConfig, DEMO_MODEL, evaluation, project, runProject, trajectories } from 'limi'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const RESULTS = path.join(root, 'docs', 'experiments', 'results.json')
const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: path.join(root, '.limi', 'experiments') },
    seeds: { type: 'string', default: '0,1,2' },
    arms: { type: 'string' },
  },
})

const ARMS = ['curated', 'random78', 'pool', 'good300']
const DOSES = [10, 20, 40]

/** The demo's own project with all arms, plus the doses: selections of 10, 20, 40 by the same gates. */
function configOf(seed, arms) {
  const config = demoConfig({ size: 'laptop', seed, arms: 'all', model: DEMO_MODEL, repository: null })
  const doses = DOSES.map((count) => ({ ...config.run.curation[0], name: `curated${count}`, count }))
  config.run.curation = [...config.run.curation, ...doses]
  config.run.training.arms = arms.map((name) => ({ name, selection: name }))
  return config
}

async function runArms(seed, arms) {
  const dir = path.join(values.dir, `seed-${seed}`)
  await mkdir(path.join(dir, 'samples'), { recursive: true })
  await cp(trajectories.sampleFolder(), path.join(dir, 'samples', 'academiclaw'), { recursive: true })
  await writeFile(path.join(dir, 'limi.yaml'), stringify(configOf(seed, arms)))
  const opened = await project.openProject(dir)
  if (!opened.ok) throw new Error(opened.failure.message)
  const say = (line) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} seed ${seed}: ${line}\n`)
  const outcome = await runProject({ project: opened.value, say, warn: say }, {})
  if (!outcome.ok) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`)
  return outcome.value.data
}

async function readResults() {
  return existsSync(RESULTS) ? JSON.parse(await readFile(RESULTS, 'utf8')) : {}
}

async function keep(seed, report) {
  const results = await readResults()
  for (const arm of report.arms) {
    const compared =
      report.comparisons.find((one) => one.b === arm.name)?.suites ??
      (arm.name === report.arms[1]?.name ? report.verdict : undefined)
    results[`${seed}/${arm.name}`] = {
      seed,
      arm: arm.name,
      demonstrations: arm.demonstrations ?? 0,
      steps: arm.steps ?? 0,
      suites: report.evaluation[arm.name],
      against: compared,
      solved: await solvedBy(seed, arm.name),
    }
  }
  await mkdir(path.dirname(RESULTS), { recursive: true })
  const sorted = Object.fromEntries(Object.entries(results).sort(([a], [b]) => (a < b ? -1 : 1)))
  await writeFile(RESULTS, `${JSON.stringify(sorted, null, 1)}\n`)
}

/** Tasks of which some round passed, by suite: what arms are compared by, task for task. */
async function solvedBy(seed, arm) {
  const folder = path.join(values.dir, `seed-${seed}`, 'evaluations', arm, 'trials')
  const solved = { heldOutValues: [], heldOutFamilies: [] }
  for (const name of (await readdir(folder)).sort()) {
    // Evaluations of before tasks had subtasks hold the row itself.
    const file = JSON.parse(await readFile(path.join(folder, name), 'utf8'))
    const { task, suite, rounds } = file.subtasks?.[0] ?? file
    if (rounds.some((round) => round.passed)) solved[suite].push(task)
  }
  return solved
}

const rate = ({ value, low, high }) => `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`

function table(results) {
  const rows = Object.values(results).map(({ seed, arm, demonstrations, suites, against }) => {
    const p = against?.heldOutValues?.p
    const cells = [
      seed,
      arm,
      demonstrations,
      rate(suites.heldOutValues.SR),
      rate(suites.heldOutFamilies.SR),
      rate(suites.heldOutValues.FTFC),
      p === undefined ? '' : p < 0.001 ? '< 0.001' : p.toFixed(3),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| seed | arm | demonstrations | SR@3 new values | SR@3 new families | FTFC new values | p against base |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

/** Tasks that only one of two arms solved, summed over the seeds that have both. */
function discordant(results, a, b, suite) {
  const seeds = Object.values(results).filter((row) => row.arm === a && results[`${row.seed}/${b}`] !== undefined)
  const counts = seeds.map(({ seed, solved }) => {
    const ours = new Set(solved[suite])
    const theirs = new Set(results[`${seed}/${b}`].solved[suite])
    return {
      onlyA: [...ours].filter((task) => !theirs.has(task)).length,
      onlyB: [...theirs].filter((task) => !ours.has(task)).length,
    }
  })
  const sum = (key) => counts.reduce((total, one) => total + one[key], 0)
  return { seeds: counts.length, onlyA: sum('onlyA'), onlyB: sum('onlyB') }
}

/** Curated against each control, task for task (exact McNemar test over all seeds). */
function pairs(results) {
  const cell = (control, suite) => {
    const { onlyA, onlyB } = discordant(results, 'curated', control, suite)
    return `${onlyA} : ${onlyB}, p = ${evaluation.exactMcNemar(onlyA, onlyB).toPrecision(2)}`
  }
  const rows = ['random78', 'pool', 'good300'].map(
    (control) => `| ${control} | ${cell(control, 'heldOutValues')} | ${cell(control, 'heldOutFamilies')} |`,
  )
  return [
    '| curated against | new values: only curated : only the other | new families |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n')
}

/** Arms of a seed in the order in which they are measured; the doses with the first seed alone. */
const armsOf = (seed) =>
  values.arms?.split(',') ?? (seed === 0 ? [...ARMS, ...DOSES.map((count) => `curated${count}`)] : ARMS)

for (const seed of values.seeds.split(',').map(Number)) {
  const arms = armsOf(seed)
  for (const at of arms.keys()) await keep(seed, await runArms(seed, arms.slice(0, at + 1)))
}
const results = await readResults()
process.stdout.write(`${table(results)}\n\n${pairs(results)}\n`)
