import { done, type Check, type Requirement, type Result, type Score } from '../../../nouns/index.js'
import { scoreOf } from '../points.js'
import { readLeft } from '../read.js'
import type { Scorer, ScoringInput } from '../scorer.js'
import { compileConditions, type Conditions } from './conditions.js'
import { brief, EVIDENCE_CHARACTERS } from './evidence.js'

interface CompiledCheck {
  readonly check: Check
  readonly conditions: Conditions
}

interface Finding {
  readonly passed: boolean
  readonly evidence: string
}

/** Scores the weights of the checks that hold. Each sees the state as the agent left it: what a command check does is undone. */
export function checksScorer(checks: readonly Check[], where: string): Result<Scorer> {
  const compiled: CompiledCheck[] = []
  for (const check of checks) {
    const conditions = compileConditions(check, `${where}, check ${check.id}`)
    if (!conditions.ok) return conditions
    compiled.push({ check, conditions: conditions.value })
  }
  return done({ score: (input) => scoreAll(compiled, input) })
}

async function scoreAll(checks: readonly CompiledCheck[], input: ScoringInput): Promise<Score> {
  const requirements: Requirement[] = []
  for (const compiled of checks) {
    const { id, weight } = compiled.check
    const { passed, evidence } = await look(compiled, input)
    requirements.push({ id, passed, weight, evidence: brief(evidence, EVIDENCE_CHARACTERS) })
  }
  return scoreOf(
    checks.map(({ check }) => check),
    requirements,
  )
}

function look({ check, conditions }: CompiledCheck, input: ScoringInput): Promise<Finding> | Finding {
  switch (check.kind) {
    case 'file':
      return lookAtFile(check, conditions, input)
    case 'answer':
      return lookAtText('the answer', input.answer, conditions)
    case 'command':
      return lookAtCommand(check, conditions, input)
  }
}

type CheckOf<Kind extends Check['kind']> = Extract<Check, { kind: Kind }>

async function lookAtFile(check: CheckOf<'file'>, conditions: Conditions, { sandbox }: ScoringInput): Promise<Finding> {
  const bytes = await readLeft(sandbox, check.path)
  if (bytes === 'outside') return { passed: false, evidence: `${check.path}: leads out of the workspace` }
  if (bytes === null) return { passed: !check.exists, evidence: `${check.path}: no such file` }
  if (!check.exists) return { passed: false, evidence: `${check.path}: is there, ${bytes.length} bytes` }
  if (conditions.none) return { passed: true, evidence: `${check.path}: is there, ${bytes.length} bytes` }
  const text = decode(bytes)
  if (text === null) return { passed: false, evidence: `${check.path}: not UTF-8 text, ${bytes.length} bytes` }
  return lookAtText(check.path, text, conditions)
}

async function lookAtCommand(
  check: CheckOf<'command'>,
  conditions: Conditions,
  { sandbox }: ScoringInput,
): Promise<Finding> {
  const before = await sandbox.snapshot()
  try {
    const { stdout, exitCode, timedOut } = await sandbox.exec(check.run, { cwd: '.' })
    if (timedOut) return { passed: false, evidence: 'the command did not end in time' }
    const found = lookAtText('stdout', stdout, conditions)
    return {
      passed: exitCode === check.exitCode && found.passed,
      evidence: `exit code ${exitCode}; ${found.evidence}`,
    }
  } finally {
    await sandbox.restore(before)
  }
}

function lookAtText(what: string, text: string, conditions: Conditions): Finding {
  const unmet = conditions.firstUnmet(text)
  const seen = `${what}: ${brief(JSON.stringify(text), 160)}`
  return unmet === null ? { passed: true, evidence: seen } : { passed: false, evidence: `${unmet}; ${seen}` }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
