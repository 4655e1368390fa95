/** What a promise gives, or `late` where it takes longer; the promise goes on. */
export async function within<T>(waited: Promise<T>, milliseconds: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), milliseconds)))
  try {
    return await Promise.race([waited, late])
  } finally {
    clearTimeout(timer)
  }
}
