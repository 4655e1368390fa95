/**
 * One agent, one task, two rounds: the loop that collection and evaluation share, with a scripted model in place of a real one.
 * After `npm install limi`, Node 22.18 or newer runs it as it is: `node examples/rollout.ts`. The tests run it too, also on older ones.
 */
import { fileURLToPath } from 'node:url'
import { agents, models, Query, rollouts, sandboxes, scoring, unwrap, type TrajectoryEvent } from 'limi'

export async function main(): Promise<{ passed: boolean[]; events: TrajectoryEvent[] }> {
  const query = Query.parse({
    format: 'limi.query/1',
    id: 'sort-names',
    request: 'Sort names.txt into sorted.txt.',
    start: { files: { 'names.txt': 'Cleo\nAda\nBen\n' } },
    scoring: {
      kind: 'checks',
      checks: [
        {
          kind: 'file',
          id: 'sorted',
          path: 'sorted.txt',
          equals: 'Ada\nBen\nCleo\n',
          feedback: 'sorted.txt is not there yet.',
        },
      ],
    },
    source: { kind: 'person', name: 'you' },
  })

  // A model that first forgets to save, and does it right when told. Any ChatModel fits here: hosted, an endpoint, a checkpoint.
  const model = models.scriptedModel('script', [
    {
      replies: [
        { text: '```bash\nsort names.txt\n```' },
        { text: 'The names are sorted.' },
        { text: '```bash\nsort names.txt > sorted.txt\n```' },
        { text: 'Done: sorted names.txt into sorted.txt.' },
      ],
    },
  ])

  const events: TrajectoryEvent[] = []
  const rollout = await rollouts.runRollout({
    query,
    agent: agents.builtInAgent({
      kind: 'built-in',
      actions: 'fenced',
      maxTurns: 4,
      maxTokens: 64,
      maxSeconds: 60,
      temperature: 0,
    }),
    model,
    workspaces: rollouts.workspacesIn(unwrap(sandboxes.sandboxProvider('virtual'))),
    scorer: unwrap(scoring.scorerFor(query)),
    rounds: 2,
    sink: { append: async (event) => void events.push(event) },
  })
  return { passed: rollout.rounds.map((round) => round.passed), events }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await main())
