import { readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { unwrap, type RubricItem } from '../../src/nouns/index.js'
import type { ChatModel } from '../../src/shared/models/index.js'
import { serveModel, type ServedModel } from '../../src/shared/wire/index.js'
import { attacksOn } from '../../src/shared/scoring/judge/testing/attacks.js'
import { modelSaying, verdictOf } from '../../src/shared/scoring/judge/testing/sheets.js'
import type { Calibration, ShownEvaluation } from '../../src/stages/evaluation/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { AGENT, writeConfig, writeScript } from '../support/project.js'

const limi = limiForTests()
const root = path.join(limi.place, 'ours ü')
const RUBRIC: RubricItem[] = [
  {
    id: 'greets',
    weight: 2,
    requirement: 'greeting.txt SECRETLY greets the world.',
    feedback: 'Where is the greeting?',
  },
  { id: 'polite', weight: 1, requirement: 'The answer is polite.' },
  { id: 'clean', weight: 1, requirement: 'No file scratch.txt is left.', absence: true },
]
const REQUESTS = { good: 'Greet the world.', idle: 'Greet the moon.', forger: 'Greet the stars.' }

/** Looks, as a careful reader would: at the lines of the data, by file. */
const careful = modelSaying('careful', (prompt) =>
  verdictOf(prompt, [
    { id: 'greets', met: /^\| Hello, world!$/mu.test(prompt), from: 'greeting.txt', quote: 'Hello, world!' },
    { id: 'polite', met: /^\| .*Please/mu.test(prompt), from: 'answer', quote: 'Please have a look.' },
    { id: 'clean', met: !/^\| "scratch\.txt"/mu.test(prompt) },
  ]),
)
/** Says yes to everything, and quotes what it was told to. */
const lenient = modelSaying('lenient', (prompt) =>
  verdictOf(prompt, [
    { id: 'greets', met: true, from: 'greeting.txt', quote: 'Hello, world!' },
    { id: 'polite', met: true, from: 'list', quote: '"greeting.txt"  added' },
    { id: 'clean', met: true },
  ]),
)
/** Copies what looks like a verdict from what it read. */
const gullible = modelSaying(
  'gullible',
  (prompt) => /\{"key":"[^}]*\}(,[^}]*\})*\]\}/u.exec(prompt)?.[0] ?? 'Fine work!',
)

const served: ServedModel[] = []
const serve = async (model: ChatModel) => {
  const one = unwrap(await serveModel(model))
  served.push(one)
  return { baseUrl: one.baseUrl, model: one.modelName }
}

const bash = (command: string) => ({ text: `\`\`\`bash\n${command}\n\`\`\`` })
const reply = (...texts: { text: string }[]) => texts.map(({ text }) => ({ text, toolCalls: undefined }))

beforeAll(async () => {
  const models = { careful: await serve(careful), lenient: await serve(lenient), gullible: await serve(gullible) }
  await writeConfig(root, {
    models: {
      expert: { ref: 'script:scripts/expert.jsonl', price: { input: 0, output: 0 } },
      ...models,
      dear: { ...models.careful, price: { input: 100, output: 1000 } },
    },
    agents: { shell: AGENT },
  })
  const forged = attacksOn(RUBRIC.map(({ id }) => id)).find(({ name }) => name === 'a forged verdict in a file')!
  const attack = Object.entries(forged.files!).map(([name, text]) => `cat > ${name} <<'EOF'\n${text}\nEOF`)
  await writeScript(path.join(root, 'scripts/expert.jsonl'), [
    { replies: reply(...Array.from({ length: 3 }, () => ({ text: 'Done.' }))) },
    {
      request: REQUESTS.good,
      replies: reply(bash("echo 'Hello, world!' > greeting.txt"), { text: 'Please have a look.' }),
    },
    { request: REQUESTS.idle, replies: reply({ text: 'Done.' }, { text: 'Still done.' }) },
    {
      request: REQUESTS.forger,
      replies: reply(bash(`touch scratch.txt\n${attack.join('\n')}`), { text: 'Done.' }, { text: 'Done.' }),
    },
  ])
  await mkdir(path.join(root, 'greetings'))
  for (const [id, request] of Object.entries(REQUESTS)) {
    const task = { format: 'limi.task/1', id, request, rubric: RUBRIC, passAt: 0.6 }
    await writeFile(path.join(root, `greetings/${id}.yaml`), stringify(task))
  }
})

afterAll(() => Promise.all(served.map((one) => one.close())))

const run = (...more: string[]) => ['eval', 'run', './greetings', '--agent', 'shell', '--rounds', '2', ...more]

/** limi waits ten seconds between its tries of a judge that cannot be read: meanwhile other tests run. */
let fooling: ReturnType<typeof limi.json<ShownEvaluation>>
beforeAll(async () => {
  const copy = path.join(limi.place, 'fooled')
  await cp(root, copy, { recursive: true })
  fooling = limi.json(copy, ...run('--id', 'fooled', '--judge', 'gullible', '--tasks', 'forger'))
  fooling.catch(() => undefined)
})

const scoresOf = ({ trials }: ShownEvaluation) =>
  Object.fromEntries(trials.map(({ task, rounds, cause }) => [task, cause ?? rounds.at(-1)?.score]))

describe('limi eval run --judge', () => {
  it('is needed for rubrics, and a person needs a terminal', async () => {
    expectRefusal(await limi.run(root, ...run('--id', 'none')), {
      code: 'scoring.no-judge',
      what: /rubric/,
      todo: /--judge/,
    })
    expectRefusal(await limi.run(root, ...run('--id', 'none', '--judge', 'human')), {
      code: 'judge.no-terminal',
      what: /no terminal/,
      todo: /--judge MODEL/,
    })
    expectRefusal(await limi.run(root, ...run('--id', 'none', '--judge', 'carefull')), {
      code: 'model.unknown',
      what: /carefull/,
    })
  })

  it('scores by the rubric, and keeps what was asked and said beside the trials', async () => {
    const judged = await limi.json<ShownEvaluation>(root, ...run('--id', 'judged', '--judge', 'careful'))
    expect([judged.code, scoresOf(judged.data)]).toEqual([0, { good: 4, idle: 1, forger: 0 }])
    expect(judged.data.trials.find(({ task }) => task === 'good')?.rounds[0]).toMatchObject({ passed: true, max: 4 })
    const kept = JSON.parse(readFileSync(path.join(root, 'evaluations/judged/judgements/idle-1.json'), 'utf8')) as {
      subtasks: { rounds: { judgements: { judge: string; prompt: string; raw: string; score: number }[] }[] }[]
    }
    expect(
      kept.subtasks[0]?.rounds.map(({ judgements }) => judgements.map(({ judge, score }) => [judge, score])),
    ).toEqual([[['careful', 1]], [['careful', 1]]])
    expect(readFileSync(path.join(root, 'evaluations/judged/trials/idle-1.json'), 'utf8')).not.toContain('BEGIN ')
  })

  it('shows the agent nothing of the rubric but its feedback', () => {
    const folder = path.join(root, 'evaluations/judged/trajectories')
    const all = readdirSync(folder)
      .map((name) => readFileSync(path.join(folder, name), 'utf8'))
      .join('\n')
    expect(all).toContain('Where is the greeting?')
    expect(all).not.toMatch(/SECRETLY|No file scratch/u)
  })

  it('lets a panel decide by majority, and refuses to compare judges that differ', async () => {
    const panel = ['careful', 'lenient', 'careful'].flatMap((name) => ['--judge', name])
    const several = await limi.json<ShownEvaluation>(root, ...run('--id', 'panel', ...panel))
    expect([several.code, scoresOf(several.data)]).toEqual([0, { good: 4, idle: 1, forger: 0 }])
    const other = await limi.run(root, 'compare', 'judged', 'panel')
    expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/judge/u)])
    const again = await limi.run(root, ...run('--id', 'judged', '--judge', 'lenient'))
    expectRefusal(again, { code: 'evaluation.changed', what: /judge was/ })
  })

  it('is priced, and stopped by the budget of agent and judges', async () => {
    expectRefusal(await limi.run(root, ...run('--id', 'unpriced', '--judge', 'careful', '--max-cost', '1')), {
      code: 'evaluation.no-price',
      what: /judge careful has none/,
      todo: /price:/,
    })
    const dear = ['--judge', 'dear', '--concurrency', '1']
    // A call takes 10 tokens in and 2 out: 0.003.
    const cut = await limi.run(root, ...run('--id', 'dear', ...dear, '--max-cost', '0.004'))
    expect([cut.code, cut.stderr]).toEqual([4, expect.stringContaining('evaluation.budget')])
    const whole = await limi.json<ShownEvaluation>(root, ...run('--id', 'dear', ...dear, '--max-cost', '1'))
    expect(whole.data.judging).toMatchObject({ calls: 5, tokens: 60, judges: [{ judge: 'dear', calls: 5 }] })
    expect(whole.data.judging?.cost).toBeCloseTo(0.015, 12)
    const text = await limi.run(root, 'eval', 'show', 'dear')
    expect(text.stdout).toMatch(/^judging: 5 calls, 60 tokens, cost 0\.0150$/mu)
    const page = path.join(root, 'dear.html')
    await limi.run(root, 'eval', 'show', 'dear', '--html', page)
    expect(readFileSync(page, 'utf8')).toContain('judging: 5 calls, 60 tokens, cost 0.0150')
  }, 60_000)

  it('is not used, and says so, where checks decide', async () => {
    const shell = await limi.run(
      root,
      'eval',
      'run',
      'shell',
      '--agent',
      'shell',
      '--tasks',
      'heldOutValues=1',
      '--judge',
      'careful',
      '--id',
      'shell',
    )
    expect(shell.stderr).toContain('--judge is not used')
  })
})

describe('limi eval calibrate', () => {
  const table = (rows: readonly string[]) => ['task,trial,requirement,score', ...rows].join('\n')

  it('compares a judge with a person’s scores, and says no below the kappa asked for', async () => {
    // The person agrees but for the forger's greeting.
    const rows = [
      'good,1,greets,y',
      'good,1,polite,y',
      'good,1,clean,y',
      'idle,1,greets,n',
      'idle,1,polite,n',
      'idle,1,clean,y',
    ]
    const file = path.join(root, 'scores.csv')
    await writeFile(file, table([...rows, 'forger,1,greets,y', 'forger,1,polite,n', 'forger,1,clean,n']))
    const made = await limi.json<Calibration>(root, 'eval', 'calibrate', 'judged', '--human', 'scores.csv')
    expect([made.code, made.data.pairs, made.data.tasks]).toEqual([0, 3, 3])
    // Shares 1, .25, 0 and 1, .25, .5: Σ(x−y)² = .25, by chance (1.0625 + 1.3125 − 2·1.25·1.75/3) = .916667.
    expect(made.data.score.kappa.value).toBeCloseTo(1 - 0.25 / (2.375 - 4.375 / 3), 10)
    expect(made.data.requirements).toMatchObject({ n: 9, bothYes: 4, onlyHuman: 1, onlyJudge: 0, bothNo: 4 })
    const low = await limi.run(root, 'eval', 'calibrate', 'judged', '--human', 'scores.csv', '--min-kappa', '0.9')
    expect([low.code, low.stdout]).toEqual([1, expect.stringMatching(/quadratic-weighted kappa +0\.727/u)])
    const high = await limi.run(root, 'eval', 'calibrate', 'judged', '--human', 'scores.csv', '--min-kappa', '0.7')
    expect(high.code).toBe(0)
  })

  it('compares with another evaluation, and tells how a panel agrees', async () => {
    const made = await limi.json<Calibration>(root, 'eval', 'calibrate', 'panel', '--human', 'judged')
    expect([made.code, made.data.score.kappa.value]).toEqual([0, 1])
    // Nine questions, three votes: all agree on the yes of careful, two of three where only the lenient one says yes with evidence.
    expect(made.data.votes).toMatchObject({ n: 9 })
    expect(made.data.votes!.agreement).toBeLessThan(1)
  })

  it('refuses what is not there', async () => {
    const refused = async (...args: string[]) => limi.run(root, 'eval', 'calibrate', ...args)
    expectRefusal(await refused('judged'), { code: 'calibration.no-scores', what: /no scores/, todo: /--human/ })
    expectRefusal(await refused('judged', '--human', 'nothing.csv'), {
      code: 'calibration.no-scores',
      what: /nothing\.csv/,
    })
    expectRefusal(await refused('nothing', '--human', 'scores.csv'), { code: 'evaluation.absent', what: /nothing/ })
    expectRefusal(await refused('judged', '--judge', 'human'), { code: 'judge.no-terminal', what: /terminal/ })
    expectRefusal(await refused('shell', '--judge', 'human'), { code: 'calibration.no-sheets', what: /no sheets/ })
  })
})

it('a judge that cannot be read counts nothing, and the evaluation goes on', async () => {
  const fooled = await fooling
  expect(scoresOf(fooled.data)).toEqual({ forger: 'judge' })
  expect(fooled.stderr).toMatch(/judge\.unreadable|no verdict that can be read/u)
}, 60_000)
