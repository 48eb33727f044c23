/**
 * Compares two Debian versions by deb-version(7): epoch, upstream version, revision. Negative where `a` is the older
 * one. '~' sorts before everything, even the end: 3.9~rc1 < 3.9 < 3.9.1. dpkg does the same, but a process for each of
 * some hundred comparisons is slow.
 */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [split(a), split(b)]
  return one.epoch - other.epoch || compare(one.upstream, other.upstream) || compare(one.revision, other.revision)
}

function split(version: string) {
  const [, epoch, upstream, revision] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(version)!
  return { epoch: Number(epoch ?? 0), upstream: upstream!, revision: revision ?? '' }
}

/** Compares runs of non-digits and of digits in turn: the former letter by letter, the latter as numbers. */
function compare(a: string, b: string): number {
  const [ones, others] = [runs(a), runs(b)]
  for (let i = 0; i < Math.max(ones.length, others.length); i++) {
    const one = ones[i] ?? ''
    const other = others[i] ?? ''
    const order = i % 2 ? compareNumbers(one, other) : compareText(one, other)
    if (order) return order
  }
  return 0
}

/** Runs of non-digits (perhaps empty) at even places, of digits at odd ones. */
const runs = (version: string) => version.split(/(\d+)/)

function compareText(a: string, b: string): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = weight(a[i]) - weight(b[i])
    if (order) return order
  }
  return 0
}

/** Of any length: a date with a counter has more digits than a double. */
function compareNumbers(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b)
  return Number(difference > 0n) - Number(difference < 0n)
}

/** '~' before the end, the end before letters, letters before the rest. */
function weight(letter: string | undefined): number {
  if (letter === '~') return -1
  if (letter === undefined) return 0
  return /[a-z]/i.test(letter) ? letter.charCodeAt(0) : letter.charCodeAt(0) + 256
}
