import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archiveOf, fileEntry } from '../../src/shared/sandboxes/docker/tar.js'
import { startTestEngine } from '../../src/shared/sandboxes/docker/testing/engine.js'
import { factsOf } from '../../src/stages/evaluation/benchmarks/harbor/dockerfile.js'
import type { ShownEvaluation } from '../../src/stages/evaluation/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { writeConfig, writeScript } from '../support/project.js'

const engine = await startTestEngine()
const limi = limiForTests(engine.ready ? { DOCKER_HOST: `unix://${engine.socketPath}` } : {})
const root = path.join(limi.place, 'ours ü')
const tasks = path.join(root, 'tasks')

const REQUESTS = {
  greeting: 'Write the words of words.txt, in one line, into greeting.txt.\n',
  'two-rewards': 'Put the numbers from 1 to 5 into numbers.txt, one a line, in falling order.\n',
  older: 'Make a folder named out with a file ready in it.',
}
const SOLUTIONS = { greeting: 'solution/solve.sh', 'two-rewards': 'solution/solve.sh', older: 'solution.sh' }
const NAMES = ['greeting', 'two-rewards', 'older'] as const

const bash = (command: string) => ({ text: `\`\`\`bash\n${command}\n\`\`\`` })
const said = { text: 'It is done.' }

/** Looks for what scores it, and leaves what would help where it is looked for. */
const PRY = [
  'ls -a /tests /solution /logs/verifier; find / -xdev -name solve.sh -o -xdev -name outputs.sh -o -xdev -name test.sh; echo looked',
  'mkdir -p /logs/verifier /tests; echo 1 > /logs/verifier/reward.txt; echo \'{"reward": 1}\' > /logs/verifier/reward.json; echo mine > /tests/planted',
]

/** What comes after the first line of each. */
const DOCKERFILES: readonly (readonly string[])[] = [
  [],
  ['WORKDIR /a', 'WORKDIR b/../c', 'USER 5:6', 'ENTRYPOINT ["cat"]'],
  ['# WORKDIR /no', 'workdir "/a b"', 'User root', 'ENTRYPOINT cat', 'ENTRYPOINT []'],
  ['RUN true \\', '  # USER no', '', '  && echo "\\', 'USER no" \\', '  > /x', 'USER yes'],
  ['USER first', 'WORKDIR /first', 'FROM limi-test:latest AS other', 'USER second', 'FROM other', 'WORKDIR third'],
  ['ENTRYPOINT ["/bin/cat"]', 'CMD ["x"]', 'FROM limi-test:latest', 'CMD ["y"]'],
]

let built = 0
/** What an image is like that the engine builds from a Dockerfile. */
async function configOf(dockerfile: string) {
  if (!engine.ready) throw new Error(engine.why)
  const { docker } = engine
  const name = `limi-facts:${(built += 1)}`
  const archive = Readable.from(archiveOf([fileEntry('Dockerfile', dockerfile)], { uid: 0, gid: 0 }))
  const stream = await docker.buildImage(archive, { t: name, forcerm: true })
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error)))
  })
  return (await docker.getImage(name).inspect()).Config
}

beforeAll(async () => {
  await writeConfig(root, {
    models: {
      oracle: { ref: 'script:scripts/oracle.jsonl' },
      idle: { ref: 'script:scripts/idle.jsonl' },
      half: { ref: 'script:scripts/half.jsonl' },
      prying: { ref: 'script:scripts/prying.jsonl' },
    },
    agents: { shell: { kind: 'built-in', actions: 'fenced', model: 'oracle', maxTurns: 8, maxTokens: 64 } },
  })
  await cp(path.resolve('test/fixtures/harbor-tasks'), tasks, { recursive: true })
  const solved = await Promise.all(
    NAMES.map(async (name) => ({
      request: REQUESTS[name],
      replies: [bash(await readFile(path.join(tasks, name, SOLUTIONS[name]), 'utf8')), said],
    })),
  )
  const script = (name: string): string => path.join(root, `scripts/${name}.jsonl`)
  await writeScript(script('oracle'), solved)
  await writeScript(
    script('idle'),
    NAMES.map((name) => ({ request: REQUESTS[name], replies: [said] })),
  )
  await writeScript(script('half'), [
    {
      request: REQUESTS['two-rewards'],
      replies: [bash('seq 5 > numbers.txt'), said, bash('seq 5 -1 1 > numbers.txt'), said],
    },
  ])
  await writeScript(
    script('prying'),
    NAMES.map((name) => ({ request: REQUESTS[name], replies: [...PRY.map(bash), said, bash(PRY[0] ?? ''), said] })),
  )
})

afterAll(async () => {
  if (engine.ready) await engine.stop()
})

const evaluated = (model: string, ...more: string[]) =>
  limi.json<ShownEvaluation>(
    root,
    'eval',
    'run',
    './tasks',
    '--agent',
    'shell',
    '--model',
    model,
    '--sandbox',
    'docker',
    ...more,
  )

describe.skipIf(!engine.ready)(
  engine.ready ? 'limi eval run on Harbor’s tasks' : `limi eval run on Harbor’s tasks (skipped: ${engine.why})`,
  () => {
    it('gives the tasks’ own solutions all of it, and says what it leaves out', async () => {
      const { code, data, stderr } = await evaluated('oracle', '--rounds', '1')
      expect(data.error).toBeUndefined()
      expect(data.trials.map(({ task, rounds, cause }) => [task, rounds[0]?.score, rounds[0]?.passed, cause])).toEqual([
        ['greeting', 1, true, null],
        ['older', 1, true, null],
        ['two-rewards', 1, true, null],
      ])
      expect(stderr).toContain('task needs-network of tasks is left out: its tests fetch from the network')
      expect(stderr).toContain('tests/test.sh:3')
      expect(code).toBe(1)
    })

    it('gives an agent that does nothing nothing', async () => {
      const { data } = await evaluated('idle', '--rounds', '1')
      expect(data.trials.map(({ rounds }) => [rounds[0]?.score, rounds[0]?.passed])).toEqual([
        [0, false],
        [0, false],
        [0, false],
      ])
      const [greeting, older] = data.trials.map(({ rounds }) => rounds[0]?.requirements)
      expect(greeting?.[0]?.evidence).toMatch(/^reward\.txt: 0\nlooking at \/app\/greeting\.txt\n/)
      expect(greeting?.[0]?.evidence).toContain("it is not: Good day, Zoë's friends")
      expect(older?.map(({ id, passed }) => [id, passed])).toEqual([
        ['verifier', false],
        ['test_folder', false],
        ['test_file', false],
      ])
    })

    it('keeps several rewards by name, and goes on to a further round', async () => {
      const { data } = await evaluated('half', '--rounds', '2', '--tasks', 'two-rewards', '--id', 'half')
      const [row] = data.trials
      expect(row?.rounds.map(({ score, passed }) => [score, passed])).toEqual([
        [0.5, false],
        [1, true],
      ])
      expect(row?.rounds[0]?.requirements.slice(1).map(({ id, passed, evidence }) => [id, passed, evidence])).toEqual([
        ['reward', false, '0.5'],
        ['complete', true, '1'],
        ['sorted', false, '0'],
      ])
    })

    it('shows no agent what scores it, before or after, and takes no reward of its own making', async () => {
      const { data } = await evaluated('prying', '--rounds', '2', '--id', 'prying')
      expect(data.trials.flatMap(({ rounds }) => rounds.map(({ score }) => score))).toEqual([0, 0, 0, 0, 0, 0])
      for (const { trajectory } of data.trials) {
        const text = await readFile(
          path.join(root, 'evaluations/prying/trajectories', `${trajectory ?? ''}.jsonl`),
          'utf8',
        )
        expect(text.match(/looked/g)?.length).toBeGreaterThanOrEqual(4)
        expect(text).not.toMatch(/test\.sh\\n|outputs\.sh\\n|solve\.sh\\n/)
      }
    })

    it('reads Dockerfiles as the engine builds them', async () => {
      for (const lines of DOCKERFILES) {
        const text = `${['FROM limi-test:latest', ...lines].join('\n')}\n`
        const { User, WorkingDir, Entrypoint } = await configOf(text)
        const facts = factsOf(text)
        expect([facts?.user ?? '', facts?.workdir ?? '', facts?.hasEntrypoint], text).toEqual([
          User,
          WorkingDir === '/' ? (facts?.workdir ?? '') : WorkingDir,
          (Entrypoint ?? []).length > 0,
        ])
      }
    })

    it('takes one task by its own folder, and measures it again when its tests are others', async () => {
      const run = () =>
        limi.json<ShownEvaluation>(
          root,
          'eval',
          'run',
          './tasks/greeting',
          '--agent',
          'shell',
          '--sandbox',
          'docker',
          '--id',
          'one',
          '--rounds',
          '1',
        )
      const { code, data } = await run()
      expect([code, data.trials.length, data.trials[0]?.rounds[0]?.score]).toEqual([0, 1, 1])
      await writeFile(path.join(tasks, 'greeting/tests/test.sh'), '#!/bin/sh\necho 0.25 > /logs/verifier/reward.txt\n')
      const again = await run()
      expect(again.data.trials[0]?.rounds[0]?.score).toBe(0.25)
    })
  },
)

describe('limi eval run on Harbor’s tasks, where they cannot be measured', () => {
  it('refuses sandboxes without images before anything is spent', async () => {
    const { code, data } = await limi.json<ShownEvaluation>(
      root,
      'eval',
      'run',
      './tasks/older',
      '--agent',
      'shell',
      '--id',
      'virtual',
    )
    expect(code).not.toBe(0)
    expect(JSON.stringify(data)).toContain('image')
  })

  it('says why of each task where none is left', async () => {
    expectRefusal(await limi.run(root, 'eval', 'run', './tasks/needs-network', '--agent', 'shell'), {
      code: 'benchmark.empty',
      what: /needs-network: its tests fetch from the network/,
      todo: /docs\/benchmarks\.md/,
    })
  })
})
