#!/usr/bin/env node
// Stands before QEMU in the PATH of a lab and cuts the stream of events after so many bytes: CUT_AFTER. For the rest it is
// QEMU: the console (3) and the control socket (5) are passed on, and it ends as QEMU does.
import { spawn } from 'node:child_process'
import { Socket } from 'node:net'

const qemu = spawn(process.env.CUT_QEMU, process.argv.slice(2), { stdio: ['ignore', 1, 2, 3, 'pipe', 5] })
const events = new Socket({ fd: 4 })
const lab = () => {}
events.on('error', lab)
qemu.stdio[4].on('error', lab)
let left = Number(process.env.CUT_AFTER)
qemu.stdio[4].on('data', (bytes) => {
  if (left > 0) events.write(bytes.subarray(0, left))
  left -= bytes.length
  if (left <= 0) events.end()
})
events.on('data', (bytes) => qemu.stdio[4].write(bytes))
qemu.on('exit', (status) => process.exit(status ?? 1))
process.on('SIGTERM', () => qemu.kill('SIGKILL'))
