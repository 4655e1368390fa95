import { findBenchmark } from '../../src/stages/evaluation/index.js'
import { taughtFamilies } from '../../src/stages/evaluation/benchmarks/shell/families/index.js'
import { fill } from '../../src/stages/evaluation/benchmarks/shell/family.js'

export interface Solution {
  readonly request: string
  /** The agent's replies, its last words included. */
  readonly replies: readonly string[]
}

const blanksOf = (template: string): string[] => [...template.matchAll(/\{([a-z]+)\}/gu)].map(([, name = '']) => name)

/**
 * Solves the shell benchmark's tasks as a model would that knows them; a number asked for is read off the hidden check. A few
 * tasks whose values are not all among their parameters stay unsolved.
 */
export function solutions(tasks: number): Solution[] {
  const benchmark = findBenchmark('shell')
  if (!benchmark.ok) throw new Error('no shell benchmark')
  return benchmark.value.tasks({ seed: 0, count: { heldOutValues: tasks } }).map(({ query }) => {
    const family = taughtFamilies.find((one) => one.name === query.tags['family'])
    if (family === undefined) throw new Error(`no family of ${query.id}`)
    const parameters = query.source.kind === 'benchmark' ? (query.source.parameters as Record<string, string>) : {}
    const checks = query.scoring.kind === 'checks' ? query.scoring.checks : []
    const answer = checks.find((check) => check.kind === 'answer')?.matches ?? ''
    const words = `The answer is ${/\d+/u.exec(answer)?.[0] ?? 'in the file'}.`
    const known = family.commands.every((command) => blanksOf(command).every((name) => name in parameters))
    const commands = known ? family.commands.map((command) => `\`\`\`bash\n${fill(command, parameters)}\n\`\`\``) : []
    return { request: query.request, replies: [...commands, words] }
  })
}
