/** Bytes that a module may print while it answers. */
export const MAX_OUTPUT = 1 << 20

/** The exit code of a module's process that printed more. */
export const PRINTED_TOO_MUCH = 86

/**
 * Ends this process once it has printed too much since `begin`. What it prints is counted before it is written: Node keeps what a pipe does not
 * take yet, and the answer, on a pipe of its own, would be there before the text.
 */
export function limitOutput(): { begin(): void } {
  let printed = 0
  const count = (chunk: unknown): void => {
    printed += typeof chunk === 'string' ? Buffer.byteLength(chunk) : ((chunk as Uint8Array | null)?.byteLength ?? 0)
    if (printed > MAX_OUTPUT) process.exit(PRINTED_TOO_MUCH)
  }
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...given: unknown[]) => boolean
    const counted = (...given: unknown[]): boolean => {
      count(given[0])
      return write(...given)
    }
    Object.defineProperty(stream, 'write', { value: counted, writable: false, configurable: false })
  }
  return {
    begin() {
      printed = 0
    },
  }
}
