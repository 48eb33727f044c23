#!/usr/bin/env node
// Stands before QEMU in the PATH of a lab and cuts the stream of events after so many bytes: CUT_AFTER. For the rest it is
// QEMU: the console (3) and the control socket (5) are passed on, and it ends as QEMU does.
import { spawn } from 'node:child_process'
import { Socket } from 'node:net'

const argv = process.argv.slice(2)
// A QEMU that is asked for its version has no such stream.
const boots = argv.includes('socket,id=events,fd=4')
// It dies with this process, as QEMU itself does with the lab.
const qemu = spawn('setpriv', ['--pdeathsig', 'KILL', process.env.CUT_QEMU, ...argv], {
  stdio: ['ignore', 1, 2, ...(boots ? [3, 'pipe', 5] : [])],
})
qemu.on('exit', (status) => process.exit(status ?? 1))
if (boots) cut(new Socket({ fd: 4 }), qemu.stdio[4], Number(process.env.CUT_AFTER))

function cut(lab, guest, left) {
  // Either side may be gone, which the other one shows.
  for (const stream of [lab, guest]) stream.on('error', () => {})
  lab.on('data', (bytes) => guest.write(bytes))
  guest.on('data', (bytes) => {
    if (left > 0) lab.write(bytes.subarray(0, left))
    left -= bytes.length
    if (left <= 0) lab.end()
  })
}
