#!/usr/bin/env node
// What `npx tsx FILE ARGUMENTS` starts: as `node --import tsx FILE ARGUMENTS`, in this very process.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import './loader.mjs'

const [file, ...args] = process.argv.slice(2)
if (file && !file.startsWith('-')) {
  process.argv = [process.argv[0], resolve(file), ...args]
  await import(pathToFileURL(resolve(file)).href)
} else {
  process.stderr.write('tsx: expected a file of TypeScript, as in: npx tsx lab/run.ts --help\n')
  process.exitCode = 2
}
