import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { FailureError, unwrap, type Failure, type Requirement, type Score, type Scoring } from '../../../nouns/index.js'
import type { Sandbox } from '../../sandboxes/index.js'
import { NEUTRAL_FEEDBACK } from '../points.js'
import { readLeft } from '../read.js'
import type { Scorer } from '../scorer.js'
import { readTests, type TestFile } from './tests.js'
import { verdictOf, type Left, type Verdict } from './verdict.js'

type VerifierScoring = Extract<Scoring, { kind: 'verifier' }>

/** Of what the tests printed, so much is kept as evidence: its end. */
const EVIDENCE_CHARACTERS = 4000
/** Of a file that is read. */
const MAX_BYTES = 8 << 20

/**
 * Runs hidden tests in the sandbox as the agent left it and reads their verdict; then all of it is as before, so that nothing of them is there in
 * a further round. `root` is what the places of tests are relative to. Fails with `verifier.*`.
 */
export function verifierScorer(scoring: VerifierScoring, root: string): Scorer {
  return {
    async score({ sandbox, signal }) {
      const tests = unwrap(await readTests(scoring.tests.map((place) => path.resolve(root, place))))
      if (tests.digest !== scoring.digest) throw new FailureError(changed(scoring.tests.join(', ')))
      const before = await sandbox.snapshot()
      try {
        const staging = `.limi-verifier-${randomUUID()}`
        await place(sandbox, tests.files, staging)
        const run = await sandbox.exec(commandOf(scoring), {
          ...{ cwd: '.', timeoutMs: scoring.seconds * 1000 },
          ...(signal === undefined ? {} : { signal }),
        })
        if (signal?.aborted === true) throw new FailureError(INTERRUPTED)
        const left = await collect(sandbox, staging)
        return scoreOf(run.timedOut ? late(scoring.seconds) : verdictOf(scoring.verdict, left), left)
      } finally {
        await sandbox.restore(before)
      }
    },
  }
}

const TESTS = '/tests'
const LOGS = '/logs/verifier'
const PRINTED = `${LOGS}/test-stdout.txt`

/** Whatever lies there already may be the agent's: it goes first. */
async function place(sandbox: Sandbox, files: readonly TestFile[], staging: string): Promise<void> {
  for (const { name, content } of files) await sandbox.write(`${staging}/${name}`, content)
  const programs = files.filter(({ isProgram }) => isProgram).map(({ name }) => quoted(`${TESTS}/${name}`))
  const steps = [
    `rm -rf ${TESTS} ${LOGS}`,
    `mkdir -p ${LOGS} /logs/agent /logs/artifacts`,
    `mv ${quoted(staging)} ${TESTS}`,
    ...(programs.length === 0 ? [] : [`chmod +x ${programs.join(' ')}`]),
  ]
  const { exitCode, stderr } = await sandbox.exec(steps.join(' && '), { cwd: '.' })
  if (exitCode !== 0) throw new FailureError(notPlaced(stderr.trim().slice(-500)))
}

const commandOf = ({ run, env }: VerifierScoring): string =>
  [
    ...Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`),
    `(${run}\n) >${PRINTED} 2>&1`,
  ].join('\n')

async function collect(sandbox: Sandbox, staging: string): Promise<Left> {
  const name = (file: string): string => `${staging}/${file}`
  const copies = ['reward.json', 'reward.txt', 'test-stdout.txt'].map(
    (file) => `[ ! -f ${LOGS}/${file} ] || tail -c ${MAX_BYTES + 1} ${LOGS}/${file} >${quoted(name(file))}`,
  )
  await sandbox.exec([`mkdir -p ${quoted(staging)}`, ...copies].join('\n'), { cwd: '.' })
  const bytesOf = async (file: string): Promise<Buffer | null> => {
    const bytes = await readLeft(sandbox, name(file))
    return bytes === null || bytes === 'outside' ? null : Buffer.from(bytes)
  }
  const [json, text] = [await bytesOf('reward.json'), await bytesOf('reward.txt')]
  const printed = await bytesOf('test-stdout.txt')
  return {
    json: json?.toString('utf8') ?? null,
    text: text?.toString('utf8') ?? null,
    printed: printed?.toString('utf8') ?? '',
    isWhole: (printed?.length ?? 0) <= MAX_BYTES,
  }
}

const late = (seconds: number): Verdict => ({ reward: 0, why: `the tests did not end within ${seconds} s`, parts: [] })

function scoreOf({ reward, why, parts }: Verdict, { printed }: Left): Score {
  const passed = reward >= 1
  const evidence = `${why}\n${printed.slice(-EVIDENCE_CHARACTERS)}`.trim()
  const requirements: readonly Requirement[] = [{ id: 'verifier', passed, weight: 0, evidence }, ...parts]
  const feedback = passed ? {} : { feedback: NEUTRAL_FEEDBACK }
  return { score: reward, max: 1, passed, requirements: [...requirements], ...feedback }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const notPlaced = (says: string): Failure => ({
  kind: 'input',
  code: 'verifier.place',
  message: `the tests cannot be put into the sandbox: ${says === '' ? 'it does not say why' : says}`,
  remedy: 'use `--sandbox docker` with an image whose user is root and that has a shell',
})

const changed = (where: string): Failure => ({
  kind: 'input',
  code: 'verifier.changed',
  message: 'the tests are others than when the evaluation began',
  where,
  remedy: 'run the same command again: trials of the tests as they are now are made',
})

const INTERRUPTED: Failure = {
  kind: 'interrupted',
  code: 'rollout.interrupted',
  message: 'the rollout was interrupted while its tests ran',
  remedy: 'run the same command again: finished work is kept',
}
