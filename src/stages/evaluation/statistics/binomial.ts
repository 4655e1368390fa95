const logFactorials: number[] = [0]

function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k += 1) logFactorials.push((logFactorials[k - 1] ?? 0) + Math.log(k))
  return logFactorials[n] ?? 0
}

/** P(X = k) for X ~ Binomial(n, p). */
export function binomialPmf(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0
  if (p <= 0) return k === 0 ? 1 : 0
  if (p >= 1) return k === n ? 1 : 0
  const logChoose = logFactorial(n) - logFactorial(k) - logFactorial(n - k)
  return Math.exp(logChoose + k * Math.log(p) + (n - k) * Math.log1p(-p))
}

/** P(X ≥ k) for X ~ Binomial(n, p); each term from the one before, until further ones no longer count. */
export function binomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1
  if (k > n || p <= 0) return 0
  if (p >= 1) return 1
  // Below the mean the terms above would begin too small to be numbers.
  if (k <= n * p) return Math.max(0, 1 - binomialTail(n - k + 1, n, 1 - p))
  const odds = p / (1 - p)
  let term = binomialPmf(k, n, p)
  let sum = 0
  for (let at = k; at <= n && term >= sum * 1e-17; at += 1) {
    sum += term
    term *= ((n - at) / (at + 1)) * odds
  }
  return Math.min(1, sum)
}
