import type { Failure } from '../../../nouns/index.js'
import type { AgentLauncher } from '../../../shared/agents/index.js'
import type { Recorded } from '../../../shared/recorder/index.js'

/** Where the agent takes its address from elsewhere, or speaks a language that is not known. */
export const nothingCame = ({ name }: AgentLauncher, { others }: Recorded, isStopped: boolean): Failure => ({
  kind: isStopped ? 'interrupted' : 'input',
  code: 'record.nothing',
  message: `no call to a model came through${besides(others)}, so there is no trajectory`,
  where: name,
  remedy: isStopped
    ? `nothing was recorded: no call to a model came through${besides(others)}`
    : name === 'other'
      ? 'say which agent it is with --agent NAME, or where this program takes its address from: docs/recording.md'
      : `docs/recording.md says where ${name} takes its address from`,
})

const besides = ({ count, paths }: Recorded['others']): string =>
  count === 0 ? '' : ` (${count} other request${count === 1 ? '' : 's'} did, to ${paths.join(', ')})`

export const noSuchQuery = (id: string, guess: string | null): Failure => ({
  kind: 'input',
  code: 'query.absent',
  message: `there is no query ${JSON.stringify(id)} here${guess === null ? '' : `; did you mean ${guess}?`}`,
  where: '--query',
  remedy: '`limi queries list` names them',
})

export const COMMAND_OR_ENV: Failure = {
  kind: 'input',
  code: 'record.command',
  message: 'say either which agent to start, after --, or --print-env',
  where: 'limi record',
  remedy: 'for example: limi record -- claude',
}

export const NO_QUERY: Failure = {
  kind: 'input',
  code: 'record.workspace',
  message: '--workspace is where a query’s files are put, and no query is named',
  where: '--workspace',
  remedy: 'name a query with --query ID, or start limi in the folder to work in',
}
