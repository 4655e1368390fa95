/** Some five round numbers that span the data: steps of 1, 2 or 5 times a power of ten. Empty for no finite span. */
export function ticks(low: number, high: number, about = 5): readonly number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high) || about < 1) return []
  if (low === high) return [low]
  const rough = (high - low) / about
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  // A span near the smallest or the largest number that there is has no such step.
  if (!(step > 0 && Number.isFinite(step))) return []
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  )
}

/** A share of the plot's width or height as an SVG percentage, kept within it. */
export function percent(fraction: number): string {
  const kept = Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0
  return `${Number((kept * 100).toFixed(3))}%`
}
