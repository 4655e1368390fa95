/** Variables of a process; undefined takes one away. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Where an agent sends requests of one kind when nobody stands between. */
export interface AgentRoute {
  readonly name: string
  readonly baseUrl: string
}

export interface LaunchSetting {
  /** The address that stands for a route's base URL. */
  readonly urlOf: (route: string) => string
  /** The model that answers in place of the agent's own, by the name that the agent is to send. */
  readonly model?: string
  /** What the agent would be started with. */
  readonly env: Environment
}

/** What a command is started with besides what the person gave. */
export interface Launch {
  readonly env: Environment
  /** Put right after the program's name. */
  readonly args: readonly string[]
}

/** A program that people work with, and what it needs to speak to its model through the recorder. */
export interface AgentLauncher {
  readonly name: string
  /** Names of its program and its package, without folder, scope and ending. */
  readonly programs: readonly string[]
  /** Whom it speaks to by itself, as far as its environment and its home folder tell. */
  readonly routes: (env: Environment) => readonly AgentRoute[]
  readonly launch: (setting: LaunchSetting) => Launch
  /** Arguments that go on with the last session of the current folder. */
  readonly resume?: readonly string[]
}

/** A key for agents that will not start without one, where a model of limi's answers. */
export const ANY_KEY = 'limi'

/** An address without a slash at its end. */
export const trimmed = (url: string): string => url.replace(/\/+$/, '')

/** A variable's value; one that is empty counts as absent. */
export const valueOf = (env: Environment, name: string): string | undefined => {
  const value = env[name]
  return value === undefined || value === '' ? undefined : value
}
