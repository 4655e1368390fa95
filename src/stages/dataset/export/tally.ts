import type { RowDifference } from './exporter.js'

/** What each code of a {@link RowDifference} means for the training. */
const MEANING: Readonly<Record<string, string>> = {
  'context-trains':
    'messages are context here, and the engine trains them: the format has no place for weights of messages',
  'stop-trains':
    'messages were cut short by a limit: the stop token that the engine trains after them was never emitted',
  'reasoning-left-out': "messages hold the model's reasoning, for which the format has no place: it is left out",
  'reasoning-in-content': "messages hold the model's reasoning, which stands in their content between <think> tags",
}

export interface CountedDifference {
  readonly samples: number
  readonly messages: number
  readonly meaning: string
}

/** Counts differences over all rows, by code. */
export class DifferenceTally {
  readonly #counted = new Map<string, { samples: number; messages: number }>()

  add(differences: readonly RowDifference[]): void {
    for (const { code, messages } of differences) {
      const { samples, messages: before } = this.#counted.get(code) ?? { samples: 0, messages: 0 }
      this.#counted.set(code, { samples: samples + 1, messages: before + messages })
    }
  }

  counted(): Readonly<Record<string, CountedDifference>> {
    return Object.fromEntries(
      [...this.#counted].map(([code, count]) => [code, { ...count, meaning: MEANING[code] ?? code }]),
    )
  }
}
