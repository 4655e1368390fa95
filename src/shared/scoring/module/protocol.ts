/** What a benchmark's process is asked, and what it answers: a JSON line each. All that it answers is checked by the one who asked. */
export interface LoadRequest {
  readonly kind: 'load'
  readonly file: string
}

export interface ScoreRequest {
  readonly kind: 'score'
  readonly task: {
    readonly id: string
    readonly subtask: number
    readonly request: string
    readonly tags: Readonly<Record<string, string>>
    readonly data: Readonly<Record<string, unknown>>
  }
  /** Texts by path. */
  readonly files: readonly (readonly [path: string, text: string])[]
  /** What is no text, in base64. */
  readonly binaries: readonly (readonly [path: string, base64: string])[]
  readonly answer: string
}

export type Request = LoadRequest | ScoreRequest

export type Reply =
  | { readonly kind: 'loaded'; readonly benchmark: unknown; readonly sources: readonly string[] }
  | { readonly kind: 'scored'; readonly score: unknown }
  | { readonly kind: 'threw'; readonly message: string }
