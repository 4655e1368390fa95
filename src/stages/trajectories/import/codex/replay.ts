import { textIn, type Fields } from '../values.js'
import type { Item } from './item.js'

const PAUSE_MS = 5000

/**
 * A forked session, as sub-agents are, begins with a copy of its parent's lines, after the parent's own `session_meta`. The copy is
 * written without a pause and its turns are older than the session: it ends at the first turn that began (`started_at`, in seconds), or
 * whose id (a UUID of version 7) was made, no earlier than the session, or after a pause. The shapes are those of ccusage/ccusage's fixtures
 * of replays (rust/crates/ccusage/tests/fixtures/codex).
 */
export class Replay {
  readonly #id: string | undefined
  readonly #start: number
  #last: number
  #isOn = false

  constructor(meta: Item | null) {
    this.#id = meta === null ? undefined : textIn(meta.payload, 'id')
    this.#start = Date.parse(meta?.time ?? '')
    this.#last = this.#start
  }

  /** Whether the line belongs to the copy. */
  holds(item: Item): boolean {
    const now = Date.parse(item.time ?? '')
    if (item.kind === 'session_meta') this.#isOn ||= textIn(item.payload, 'id') !== this.#id
    else if (now - this.#last > PAUSE_MS || this.#isOwnTurn(item.payload)) this.#isOn = false
    if (!Number.isNaN(now)) this.#last = now
    return this.#isOn
  }

  #isOwnTurn(payload: Fields): boolean {
    const began = payload['started_at']
    if (typeof began === 'number') return began >= Math.floor(this.#start / 1000)
    const made = timeOfId(textIn(payload, 'turn_id'))
    const session = timeOfId(this.#id)
    return made !== null && session !== null && made >= session
  }
}

function timeOfId(id: string | undefined): number | null {
  const hex = /^([0-9a-f]{8})-([0-9a-f]{4})-7/i.exec(id ?? '')
  return hex === null ? null : Number.parseInt(`${hex[1]}${hex[2]}`, 16)
}
