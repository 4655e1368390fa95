import path from 'node:path'
import {
  done,
  failed,
  FailureError,
  type AcpConfig,
  type CommandConfig,
  type Failure,
  type ProgramConfig,
  type Result,
} from '../../nouns/index.js'
import { agentNames, HEADLESS, launcherNamed, launcherOf, type Agent } from '../agents/index.js'
import { nearest } from '../project/index.js'
import { findCommand, type FoundCommand } from './command.js'
import { openRecorded, type Conversation, type Recording } from './recorded.js'
import { runsOf } from './runs.js'
import type { ProgramSetting } from './setting.js'
import { shown } from './shown.js'

type Words = readonly [string, ...string[]]

/** All that is known of a program before it is at work. */
type Known = Omit<ProgramSetting, 'context' | 'spawn'>

/**
 * An agent that is a program, at work in a sandbox with an empty home: its calls go to a recorder on this machine's loopback, the one place that
 * it reaches, and are answered by the model it is given.
 *
 * How a turn ends: `answered`; `turn-limit`, `token-limit` (as an agent says itself); `time-limit` (cause `timeout`); `aborted`; `failed`: by the
 * sandbox's limits or its own end in the middle of a turn (cause `agent`), or where it asked its model nothing (cause `infrastructure`).
 * Failures: `agent.program`, `agent.not-known`, `agent.shows-too-much`.
 *
 * @param root what relative paths are relative to
 */
export function programAgent(config: ProgramConfig | CommandConfig | AcpConfig, root: string): Result<Agent> {
  if (config.kind === 'command') return commandAgent(config, root)
  if (config.kind === 'acp') return acpAgent(config, root)
  return knownAgent(config, root)
}

/** A known agent as its makers ship it: a round is a run, which goes on with its last session. */
function knownAgent({ kind, program, args, maxSeconds }: ProgramConfig, root: string): Result<Agent> {
  const found = findCommand([program ?? kind], root)
  if (!found.ok) return found
  const { words } = found.value
  const { first, again, home, env } = HEADLESS[kind]
  const launcher = launcherNamed(kind)
  if (launcher === undefined) throw new Error(`no launcher ${kind}`)
  const known = { name: kind, launcher, home, path: found.value.path, env, maxSeconds }
  return done(
    agentOf(known, found.value.readable, (setting, recording) => {
      const begin: Words = [...words, ...recording.args]
      return runsOf(
        setting,
        { first: [...begin, ...first, ...args], again: [...begin, ...again, ...args] },
        recording.spec,
      )
    }),
  )
}

function commandAgent(config: CommandConfig, root: string): Result<Agent> {
  const known = namedBy(config, root)
  if (!known.ok) return known
  const { found, setting } = known.value
  const again = config.resume === undefined ? done(found) : findCommand(config.resume, root)
  if (!again.ok) return again
  const readable = [...known.value.readable, ...again.value.readable]
  return done(
    agentOf(setting, readable, (at, recording) => {
      const first = withArgs(found.words, recording.args)
      return runsOf(at, { first, again: withArgs(again.value.words, recording.args) }, recording.spec)
    }),
  )
}

function acpAgent(config: AcpConfig, root: string): Result<Agent> {
  const known = namedBy(config, root)
  if (!known.ok) return known
  const { found, setting, readable } = known.value
  return done(
    agentOf(setting, readable, async (at, recording) => {
      // The protocol's library is loaded by those who speak it.
      const { acpConversation } = await import('./acp/index.js')
      const command = withArgs(found.words, recording.args)
      return acpConversation(at, { command, spec: recording.spec, auth: config.auth })
    }),
  )
}

/** A program by its command, and which known agent it is like. */
function namedBy(
  { kind, command, agent, readable, env, maxSeconds }: CommandConfig | AcpConfig,
  root: string,
): Result<{ readonly found: FoundCommand; readonly readable: readonly string[]; readonly setting: Known }> {
  const launcher = agent === undefined ? launcherOf(command).launcher : launcherNamed(agent)
  if (launcher === undefined) return failed(notKnown(agent ?? ''))
  const found = findCommand(command, root)
  if (!found.ok) return found
  const more = shown(
    readable.map((place) => path.resolve(root, place)),
    root,
  )
  if (!more.ok) return more
  const headless = Object.hasOwn(HEADLESS, launcher.name) ? HEADLESS[launcher.name as keyof typeof HEADLESS] : undefined
  const setting = {
    name: launcher.name === 'other' ? kind : launcher.name,
    launcher,
    home: headless?.home ?? {},
    path: found.value.path,
    env: { ...headless?.env, ...env },
    maxSeconds,
  }
  return done({ found: found.value, setting, readable: [...found.value.readable, ...more.value] })
}

/** Words of limi's own come right after the program that reads them. */
function withArgs(words: Words, args: readonly string[]): Words {
  if (args.length === 0) return words
  const { at } = launcherOf(words)
  const [program, ...rest] = words
  return [program, ...rest.slice(0, at), ...args, ...rest.slice(at)]
}

function agentOf(
  known: Known,
  readable: readonly string[],
  converse: (setting: ProgramSetting, recording: Recording) => Conversation | Promise<Conversation>,
): Agent {
  return {
    name: known.name,
    readable: [...new Set(readable)],
    open(context) {
      const { sandbox } = context
      if (sandbox.spawn === undefined) throw new FailureError(NO_PROCESSES)
      const setting = { ...known, context, spawn: sandbox.spawn.bind(sandbox) }
      return openRecorded(setting, (recording) => converse(setting, recording))
    },
  }
}

const NO_PROCESSES: Failure = {
  kind: 'input',
  code: 'agent.no-processes',
  message: 'this agent is a program, and the sandbox runs none',
  remedy: 'use `sandbox: bubblewrap`',
}

function notKnown(name: string): Failure {
  const guess = nearest(name, agentNames())
  return {
    kind: 'input',
    code: 'agent.not-known',
    message: `limi knows no agent ${JSON.stringify(name)}${guess === null ? '' : `; did you mean ${guess}?`}`,
    where: name,
    remedy: `known: ${agentNames().join(', ')}; leave \`agent:\` out for any other`,
  }
}
