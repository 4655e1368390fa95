/** A benchmark with a scorer of its own: `limi eval run examples/own-benchmark/bench.ts --agent AGENT`. */
import { defineBenchmark, type ScoreInput } from 'limi'

const words = ['apple', 'pear', 'plum']

export const benchmark = defineBenchmark({
  name: 'reversed',
  description: 'Words written backwards.',
  suites: ['short'],
  tasks: words.map((word) => ({
    id: `reverse-${word}`,
    suite: 'short',
    files: { 'word.txt': `${word}\n` },
    request: 'Write the word of word.txt backwards into out.txt.',
    // The agent never sees this; the scorer is given it.
    data: { expected: word.split('').reverse().join('') },
  })),
  score: ({ task, files }: ScoreInput) => {
    const written = (files.text('out.txt') ?? '').trim()
    const expected = String(task.data['expected'])
    const isThere = written !== ''
    const isRight = written === expected
    return {
      score: (isThere ? 1 : 0) + (isRight ? 1 : 0),
      max: 2,
      passed: isRight,
      requirements: [
        { id: 'written', passed: isThere, evidence: `out.txt: ${written}` },
        { id: 'backwards', passed: isRight, evidence: `expected ${expected}` },
      ],
      feedback: isThere ? 'That is not the word backwards.' : 'out.txt is not there yet.',
    }
  },
})
