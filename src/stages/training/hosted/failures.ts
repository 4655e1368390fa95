import { z } from 'zod'
import type { Failure } from '../../../nouns/index.js'
import { parseJson } from '../../../shared/project/index.js'
import { interrupted } from '../../../shared/python/index.js'

export const stopped: Failure = interrupted('training was stopped here')

/** A job at a service goes on when nobody follows it. */
export const leftAlone = (run: string, job: string): Failure => ({
  ...interrupted(`${job} is followed no more, and goes on at the service`),
  remedy: `the same command follows it again; \`limi train stop ${run}\` cancels it`,
})

const AGAIN = 'run the same command again: what the service has is found there, and nothing is begun twice'

export const noAnswer = (where: string, why: string): Failure => ({
  kind: 'underway',
  code: 'hosted.unreachable',
  message: `the service gave no answer: ${why}`,
  where,
  remedy: AGAIN,
})

export const garbled = (where: string, problem: string): Failure => ({
  kind: 'underway',
  code: 'hosted.answer',
  message: `the service's answer is not that of OpenAI's API: ${problem}`,
  where,
  remedy: `see whether baseUrl is right (it ends in the API's version, as /v1); then ${AGAIN}`,
})

export const redirected = (where: string, to: string): Failure => ({
  kind: 'input',
  code: 'hosted.redirected',
  message: `the service points elsewhere: ${to.slice(0, 300)}`,
  where,
  remedy: 'name that address as baseUrl, if it is to be trusted with the key',
})

/** What an error's body says (OpenAI: `{error: {message, type, code}}`). */
export function refusedBy(where: string, status: number, text: string): Failure {
  const { message, code } = errorIn(text)
  const says = `the service answered ${status}: ${message.slice(0, 1_000)}`
  if (status === 401 || status === 403) {
    return { kind: 'missing', code: 'hosted.key', message: says, where, remedy: 'check the key and what it may do' }
  }
  if (code === 'insufficient_quota' || code === 'billing_hard_limit_reached') {
    return {
      kind: 'missing',
      code: 'hosted.quota',
      message: says,
      where,
      remedy: 'the account has no credit left for this',
    }
  }
  if (status === 404) {
    const remedy = 'check baseUrl (it ends in the API’s version, as /v1), and that the service offers fine-tuning'
    return { kind: 'input', code: 'hosted.absent', message: says, where, remedy }
  }
  if (status === 429 || status === 408 || status >= 500) {
    return { kind: 'underway', code: 'hosted.busy', message: says, where, remedy: AGAIN }
  }
  return { kind: 'input', code: 'hosted.refused', message: says, where, remedy: 'correct what it says' }
}

const Said = z.looseObject({
  message: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().nullish(),
})
const Body = z.union([z.looseObject({ error: Said }).transform(({ error }) => error), Said])

function errorIn(text: string): { readonly message: string; readonly code: string } {
  const body = parseJson(text, Body, '')
  if (!body.ok) return { message: text, code: '' }
  const { message, detail, code } = body.value
  return { message: message ?? detail ?? text, code: code ?? '' }
}

/** The job ended without a model. */
export const endedAs = (job: string, status: string, why: string): Failure => ({
  kind: status === 'cancelled' ? 'interrupted' : 'underway',
  code: `hosted.job-${status}`,
  message: `the service's job ${job} is ${status}${why === '' ? '' : `: ${why}`}`,
  where: job,
  remedy: 'a job that ended is not begun again under this name: to train once more, use another --run',
})

export const noModel = (job: string): Failure => ({
  kind: 'underway',
  code: 'hosted.no-model',
  message: 'the job succeeded, and the service names no model',
  where: job,
  remedy: AGAIN,
})

export const neverSaid = (cause: Failure, waitedMs: number): Failure => ({
  ...cause,
  kind: 'underway',
  code: 'hosted.never-said',
  message: `the service never said whether it began the job, and ${Math.round(waitedMs / 1000)} s later its list did not show one: ${cause.message}`,
  remedy: 'run the same command again: it looks in the list of jobs before it begins one',
})

export const elsewhere = (where: string, there: string): Failure => ({
  kind: 'input',
  code: 'hosted.elsewhere',
  message: `this run began at ${there}`,
  where,
  remedy: 'name that service and model again, or use another --run',
})

export const noMessages = (where: string): Failure => ({
  kind: 'input',
  code: 'training.no-messages',
  message: 'a service tokenises by itself and needs the dataset as messages, which this caller does not give',
  where,
  remedy: 'use `limi train`, which makes them of the trajectories',
})

/** Neither a model of limi.yaml nor a setting says where the service is. */
export const noBaseUrl: Failure = {
  kind: 'input',
  code: 'engine.setting',
  message: 'hosted needs baseUrl, the address of the service with its API’s version, and it is not given',
  where: '--engine-setting',
  remedy:
    'add --engine-setting baseUrl=https://service.example/v1 (in a plan of limi.yaml: run.training.settings.baseUrl), or name with --base a model of limi.yaml that has a baseUrl',
}

export const noKey = (variable: string): Failure => ({
  kind: 'missing',
  code: 'model.key-missing',
  message: 'the service needs a key',
  where: variable,
  remedy: `set ${variable} in the environment`,
})
