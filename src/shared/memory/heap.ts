import { setFlagsFromString } from 'node:v8'

/**
 * V8 lets its heap grow to about four times what lives in it; over long work that passes what was promised, though a seventh of it lives. From
 * here on it grows to twice as much, for some time of the garbage collector's. V8 reads this flag at each collection; it holds for the process.
 */
export function holdHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=100')
}

/**
 * V8 gives short-lived things three times 16 MB as work goes on; a process that waits most of the day needs three times 1. From here on that part
 * does not grow, for a collection more often; it holds for the process.
 */
export function holdYoungHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
