import type { Failure } from '../../../../nouns/index.js'
import { formatBytes } from '../../../../shared/python/index.js'

export const noAddress = (given: string | undefined): Failure => ({
  kind: 'missing',
  code: 'cluster.no-address',
  message: given === undefined ? 'slime trains on a Ray cluster, and none is named' : `${given} is no address of one`,
  remedy: "name Ray's dashboard with --address, for example http://head:8265",
})

/** While a job runs it goes on without us; hence underway, and not missing. */
export const unreachable = (where: string, error: unknown): Failure => ({
  kind: 'underway',
  code: 'cluster.unreachable',
  message: `the Ray cluster does not answer: ${reasonOf(error)}`,
  where,
  remedy: 'check the address and the network; a job that was submitted goes on, and the same command finds it again',
})

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause: unknown = error.cause
  return cause instanceof Error && cause.message !== '' ? `${error.message} (${cause.message})` : error.message
}

export const refused = (where: string, status: number): Failure => ({
  kind: 'missing',
  code: 'cluster.refused',
  message: `the Ray cluster wants a login (HTTP ${String(status)})`,
  where,
  remedy: 'give the headers that it asks for, for example an authorization header with a token from the environment',
})

export const answeredBadly = (where: string, status: number, text: string): Failure => ({
  kind: 'underway',
  code: 'cluster.answered-badly',
  message: `the Ray cluster answered HTTP ${String(status)}: ${text.trim() || 'nothing'}`,
  where,
  remedy: "check that the address is that of Ray's dashboard, and look into its log",
})

export const packageTooLarge = (bytes: number, limit: number): Failure => ({
  kind: 'input',
  code: 'cluster.package-too-large',
  message: `the job's files take ${formatBytes(bytes)} packed, and Ray takes ${formatBytes(limit)}`,
  remedy:
    'train on fewer or shorter samples, or submit the folder from storage that the nodes share (docs/training/slime.md)',
})
