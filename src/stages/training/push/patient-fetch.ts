const PATIENCE_MS = 120_000
/** A line slower than this is as good as none: 50 kB/s. */
const SLOWEST_BYTES_PER_MS = 50

/** A fetch whose requests fail when nothing has come for as long as their bytes may take, and then some. */
export function patientFetch(patienceMs = PATIENCE_MS, signal?: AbortSignal): typeof fetch {
  return (url, init) => {
    const bytes = init?.body instanceof Blob ? init.body.size : 0
    const waiting = AbortSignal.timeout(Math.ceil(patienceMs + bytes / SLOWEST_BYTES_PER_MS))
    const signals = [waiting, signal, init?.signal].filter((one) => one instanceof AbortSignal)
    return fetch(url, { ...init, signal: AbortSignal.any(signals) })
  }
}
