/** Events that say again, for the eyes of a person, what an item says: the field with the copy. */
const COPIES: Readonly<Record<string, string>> = {
  user_message: 'message',
  agent_message: 'message',
  agent_reasoning: 'text',
  agent_reasoning_raw_content: 'text',
  task_complete: 'last_agent_message',
  turn_complete: 'last_agent_message',
}
import { textIn, type Fields } from '../values.js'

/** The last texts of a conversation: events copy nothing older. */
export class RecentTexts {
  readonly #texts: string[] = []

  add(texts: readonly string[]): void {
    this.#texts.push(...texts)
    this.#texts.splice(0, Math.max(0, this.#texts.length - 32))
  }

  /** An event without the copy of a text that the conversation has; another record as it is. */
  withoutCopy(record: Fields): Fields {
    const payload = record['payload'] as Fields | undefined
    if (record['type'] !== 'event_msg' || payload === undefined) return record
    const type = textIn(payload, 'type') ?? ''
    const field = Object.hasOwn(COPIES, type) ? COPIES[type] : undefined
    const text = field === undefined ? undefined : textIn(payload, field)
    if (field === undefined || text === undefined || text === '' || !this.#has(text)) return record
    return { ...record, payload: { ...payload, [field]: 'equal to the text of an item' } }
  }

  #has(text: string): boolean {
    return this.#texts.some((one) => one === text)
  }
}
