import type { Conversation } from '../../conversation/index.js'
import type { RowDifference, RowEncoder } from '../exporter.js'

/** Finds in a conversation what an engine would train otherwise; null where nothing is. */
export type Finder = (conversation: Conversation) => RowDifference | null

/** Rows that the writer of a trajectory format made, changed where this engine wants them otherwise. */
export const messageLines = (change: (line: string) => string, finders: readonly Finder[]): RowEncoder => ({
  row: ({ said }) => {
    if (said === undefined) throw new Error('the rows of this format are made of messages')
    const found = finders.map((find) => find(said.conversation))
    return { data: `${change(said.line)}\n`, differences: found.filter((one) => one !== null) }
  },
  end: () => '',
})

export const asWritten = (line: string): string => line

/** A record, or a message of one, as JSON has it. */
export type Fields = Record<string, unknown>

/** A line with its record changed. Only for writers that keep arguments as text: numbers in objects would be printed anew. */
export const changed =
  (change: (record: Fields) => Fields) =>
  (line: string): string =>
    JSON.stringify(change(JSON.parse(line) as Fields))
