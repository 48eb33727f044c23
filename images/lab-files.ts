import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Where the files lie that decide a run: what it executes, and the packages that it does so with. */
export const LAB_PLACES = ['package.json', 'package-lock.json', 'tsconfig.json', 'lab', 'images', 'cases']

const NOT_RUN = /\.md$|\.test\.ts$|^lab\/(bench|e2e|sabotage|test)(\/|$)/

/** Whether a file of those places, by its path in the lab's own directory, decides a run. */
export const decidesRun = (file: string): boolean => !NOT_RUN.test(file)

/**
 * The files that decide a run, sorted. They are what the lab's image has of the lab, so that one version of it is told by
 * the same files in the image as in a checkout.
 *
 * @param home the lab's own directory, from where their paths go
 */
export const labFiles = (home: string): string[] =>
  LAB_PLACES.flatMap((place) => filesAt(home, place))
    .filter(decidesRun)
    .sort()

function filesAt(home: string, place: string): string[] {
  const path = join(home, place)
  if (!existsSync(path)) return []
  if (place.includes('.')) return [place]
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(home, join(entry.parentPath, entry.name)))
}
