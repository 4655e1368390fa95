import type { Failure } from '../../../nouns/index.js'
import type { AgentLauncher } from '../../../shared/agents/index.js'

/** Where the agent takes its address from elsewhere. */
export const nothingCame = ({ name }: AgentLauncher): Failure => ({
  kind: 'input',
  code: 'record.nothing',
  message: 'no call to a model came through, so there is no trajectory',
  where: name,
  remedy:
    name === 'other'
      ? 'say which agent it is with --agent NAME, or where this program takes its address from: docs/recording.md'
      : `docs/recording.md says where ${name} takes its address from`,
})

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
