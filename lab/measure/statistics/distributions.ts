import { gammaln, probit } from 'simple-statistics'

// Quantiles of the gamma, beta and t distribution: simple-statistics has none of them.

const MOST_STEPS = 400
const PRECISION = 1e-14

/**
 * Gamma distribution with this shape and scale 1: the probability of a value of at most x. By its series below the mean,
 * by its continued fraction (modified Lentz) above (Press et al., Numerical Recipes, 6.2).
 */
export function gammaBelow(x: number, shape: number): number {
  if (x <= 0) return 0
  const front = Math.exp(shape * Math.log(x) - x - gammaln(shape))
  if (x < shape + 1) {
    let [term, sum] = [1 / shape, 1 / shape]
    for (let i = 1; i < 100 * MOST_STEPS && term > sum * PRECISION; i++) {
      term *= x / (shape + i)
      sum += term
    }
    return front * sum
  }
  return 1 - front / fraction(x + 1 - shape, (i) => [-i * (i - shape), x + 2 * i + 1 - shape])
}

/** Gamma distribution with this shape and scale 1: the value below which a share p lies. */
export function gammaQuantile(p: number, shape: number): number {
  // Starts from Wilson and Hilferty (1931). Small shapes have nearly all of their mass near 0, where P(x) is a power of x.
  const z = probit(p)
  const cube = shape * (1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3
  const head = Math.exp((Math.log(p) + gammaln(shape + 1)) / shape)
  let [x, low, high] = [shape < 1 || cube <= 0 ? head : cube, 0, Infinity]
  // Newton's steps, each kept within the known bounds.
  for (let i = 0; i < MOST_STEPS; i++) {
    const off = gammaBelow(x, shape) - p
    if (off < 0) low = x
    else high = x
    const next = x - off / Math.exp((shape - 1) * Math.log(x) - x - gammaln(shape))
    const held = next > low && next < high ? next : high === Infinity ? 2 * x : (low + high) / 2
    if (Math.abs(held - x) <= 1e-12 * x) return held
    x = held
  }
  return x
}

/** Beta distribution with these two shapes: the probability of a value of at most x (Numerical Recipes, 6.4). */
export function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(1 - x, b, a)
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log(1 - x)) / a
  return front / fraction(1, (i) => [betaTerm(i, x, a, b), 1])
}

/** Numerator i of the continued fraction of the incomplete beta function. */
function betaTerm(i: number, x: number, a: number, b: number): number {
  const m = Math.floor(i / 2)
  return i % 2
    ? (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    : (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
}

/** Beta distribution with these two shapes: the value below which a share p lies, to 1e-12. */
export function betaQuantile(p: number, a: number, b: number): number {
  let [low, high] = [0, 1]
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (betaBelow(middle, a, b) < p) low = middle
    else high = middle
  }
  return low
}

/** Fisher's F with these two numbers of degrees of freedom: the probability of a value of at least f. */
export const fBeyond = (f: number, above: number, below: number) =>
  Number.isFinite(below)
    ? betaBelow(below / (below + above * f), below / 2, above / 2)
    : 1 - gammaBelow((above * f) / 2, above / 2)

/** Standard normal distribution: the probability of a value at least as far from 0 as z. */
export const normalBeyond = (z: number) => 1 - gammaBelow((z * z) / 2, 0.5)

/** Standard normal distribution: the distance from 0 beyond which a share p lies, both sides together. */
export const normalQuantile = (p: number) => Math.sqrt(2 * gammaQuantile(1 - p, 0.5))

/** Student's t with `df` degrees of freedom, which may be fractional: the probability of a value at least as far from 0 as t. */
export function tBeyond(t: number, df: number): number {
  return betaBelow(df / (df + t * t), df / 2, 0.5)
}

/** Student's t with `df` degrees of freedom: the distance from 0 beyond which a share p lies, both sides together. */
export function tQuantile(p: number, df: number): number {
  const x = betaQuantile(p, df / 2, 0.5)
  return Math.sqrt((df * (1 - x)) / x)
}

/** The value of b0 + a1 / (b1 + a2 / (b2 + …)), where `terms(i)` gives [a_i, b_i]. */
function fraction(b0: number, terms: (i: number) => [number, number]): number {
  const tiny = 1e-300
  let [value, c, d] = [b0 || tiny, b0 || tiny, 0]
  for (let i = 1; i < MOST_STEPS; i++) {
    const [a, b] = terms(i)
    d = 1 / (b + a * d || tiny)
    c = b + a / c || tiny
    value *= c * d
    if (Math.abs(c * d - 1) < PRECISION) break
  }
  return value
}
