/** A moment that comes, unless it is no longer waited for. */
export interface Deadline {
  readonly over: Promise<'over'>
  clear(): void
}

export function deadline(ms: number): Deadline {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<'over'>((resolve) => (timer = setTimeout(() => resolve('over'), ms)))
  return { over, clear: () => clearTimeout(timer) }
}

/** What work comes to, or `over` where the deadline is first; what it comes to later is nobody's. */
export function until<Value>({ over }: Deadline, work: Promise<Value>): Promise<Value | 'over'> {
  work.catch(() => undefined)
  return Promise.race([work, over])
}
