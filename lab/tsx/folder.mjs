import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** node_modules: this file is installed in a folder of it. */
const PACKAGES = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * The folder for what tsx compiles, made where it is missing: beside the packages that the lab runs with, so that whoever
 * could lay something there could change the lab itself.
 *
 * @param packages the folder with those packages
 * @returns null where that is not this user's, or takes no folder: nothing is kept then
 */
export function privateFolder(packages = PACKAGES) {
  const folder = join(packages, '.cache', 'tsx')
  try {
    // What root leaves in another user's checkout, that user could not remove.
    if (!mine(packages)) return null
    for (const path of [dirname(folder), folder]) {
      make(path)
      if (!mine(path)) return null
    }
    if (lstatSync(folder).mode & 0o077) chmodSync(folder, 0o700)
    return folder
  } catch {
    return null
  }
}

function make(path) {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
}

/** Whether it is a folder of this user's, and no link to one. */
function mine(path) {
  const found = lstatSync(path)
  return found.isDirectory() && found.uid === process.geteuid()
}
