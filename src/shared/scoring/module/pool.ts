import type { Result } from '../../../nouns/index.js'
import type { ModuleProcess } from './process.js'

/** A few processes that are kept warm; each works for one at a time. */
export interface Pool {
  use<T>(work: (process: ModuleProcess) => Promise<Result<T>>): Promise<Result<T>>
  close(): void
}

/** A process that ended is replaced when it is next needed; `most` are at work at the same time, others wait their turn. */
export function openPool(first: ModuleProcess, start: () => Promise<Result<ModuleProcess>>, most: number): Pool {
  const idle: ModuleProcess[] = [first]
  const all = new Set<ModuleProcess>([first])
  const waiting: (() => void)[] = []
  let busy = 0
  let closed = false

  const take = async (): Promise<Result<ModuleProcess>> => {
    for (let next = idle.pop(); next !== undefined; next = idle.pop()) {
      if (next.isAlive()) return { ok: true, value: next }
      all.delete(next)
    }
    const started = await start()
    if (started.ok && closed) started.value.end()
    if (started.ok) all.add(started.value)
    return started
  }
  return {
    async use(work) {
      if (busy >= most) await new Promise<void>((resolve) => waiting.push(resolve))
      busy += 1
      try {
        const taken = await take()
        if (!taken.ok) return taken
        const result = await work(taken.value)
        if (taken.value.isAlive()) idle.push(taken.value)
        return result
      } finally {
        busy -= 1
        waiting.shift()?.()
      }
    },
    close() {
      closed = true
      for (const each of all) each.end()
    },
  }
}
