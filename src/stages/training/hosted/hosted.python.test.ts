import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { done, unwrap } from '../../../nouns/index.js'
import { askPython, pythonTestsSkipped, testPython, type TestPython } from '../../../shared/python/testing/index.js'
import { rootOf, smallJob } from '../testing/small-job.js'
import { hostedEngine } from './index.js'
import { layoutOf } from './state.js'
import { FakeService, KEY } from './testing/service.js'

let at: TestPython

/** OpenAI's own client: what it takes of our request, and what it finds at the stand-in by its own paging. */
const CLIENT = `
import json, sys
from openai import OpenAI
from openai.types.fine_tuning.job_create_params import JobCreateParams
from pydantic import ConfigDict, TypeAdapter
base, key, request, data = sys.argv[1:]
body = json.load(open(request))
JobCreateParams.__pydantic_config__ = ConfigDict(extra='forbid')
checked = TypeAdapter(JobCreateParams).validate_python(body, strict=True)
client = OpenAI(base_url=base, api_key=key, max_retries=0)
file = client.files.create(file=open(data, 'rb'), purpose='fine-tune')
job = client.fine_tuning.jobs.create(**{**body, 'training_file': file.id})
events = [event.id for event in client.fine_tuning.jobs.list_events(job.id)]
jobs = [one.id for one in client.fine_tuning.jobs.list()]
cancelled = client.fine_tuning.jobs.cancel(job.id).status
print(json.dumps({'checked': sorted(checked), 'job': job.id, 'events': events, 'jobs': jobs, 'cancelled': cancelled}))
`

describe.skipIf(pythonTestsSkipped)('OpenAI’s own client', () => {
  beforeAll(async () => {
    at = await testPython()
  }, 600_000)

  const roots: string[] = []
  afterAll(async () => {
    for (const root of roots) await rm(root, { recursive: true, force: true })
  })

  test('takes our request for a job, and pages through the stand-in as this engine does', async () => {
    const ids = ['e1', 'e2', 'e3', 'e4', 'e5']
    const service = new FakeService({ events: ids.map((id) => ({ id, message: id })), others: 5 })
    const baseUrl = await service.open()
    try {
      const job = await smallJob({ steps: undefined, epochs: 2 })
      roots.push(rootOf(job))
      const messages = async () => done(['{"messages":[]}'])
      const env = { OPENAI_API_KEY: KEY }
      const engine = hostedEngine({ baseUrl, model: 'base-1', env, learningRateMultiplier: 2 })
      unwrap(await engine.prepare({ ...job, dataset: { ...job.dataset, messages } }))
      const { request, train } = layoutOf(job.folder)
      const answer = await askPython(at, CLIENT, baseUrl, KEY, request, train)
      expect(answer).toEqual({
        checked: ['metadata', 'method', 'model', 'seed', 'suffix', 'training_file'],
        job: 'ftjob-1',
        events: [...ids].reverse(),
        jobs: ['ftjob-1', ...ids.map((_, at) => `ftjob-other-${at}`)],
        cancelled: 'cancelled',
      })
      expect([...service.files.values()]).toEqual(['{"messages":[]}\n'])
    } finally {
      await service.close()
    }
  }, 120_000)
})
