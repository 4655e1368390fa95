import { setFlagsFromString } from 'node:v8'

/** Files above this many bytes are read with a small heap. */
const LONG_BYTES = 256 << 20

/**
 * V8 lets its heap grow to about four times what lives in it; over a long file that passes 300 MB, though a seventh of it lives. From here on it
 * grows to twice as much, for some time of the garbage collector's. V8 reads this flag at each collection.
 */
export function holdHeapSmallFor(bytes: number): void {
  if (bytes > LONG_BYTES) setFlagsFromString('--heap-growing-percent=100')
}
