import syncookiesAlways from '../../../../cases/variants/sockets/syncookies-always.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(syncookiesAlways, 'listener-cookies-when-full', 'cookies are sent only where a queue is full', {
  setup: ['sysctl -w net.ipv4.tcp_syncookies=1'],
})

export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the case did not act: 0 connections made from a cookie/,
}
