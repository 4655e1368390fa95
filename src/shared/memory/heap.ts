import { setFlagsFromString } from 'node:v8'

/**
 * V8 lets its heap grow to about four times what lives in it; over long work that passes what was promised, though a seventh of it lives. From
 * here on it grows to twice as much, for some time of the garbage collector's. V8 reads this flag at each collection; it holds for the process.
 */
export function holdHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=100')
}
