import { DRAINED_MOST, DRAINED_MS, type Load } from '../../../model/case/load.ts'
import type { ProxyFacts } from '../../../model/cell.ts'
import type { ResultCell } from '../../../model/result.ts'
import { counted, whole } from '../../../model/text/amounts.ts'

/** A proxy by the name that `--proxy` takes, and its version: "haproxy 2.6.12". */
export const proxyTitle = ({ name, version }: Pick<ProxyFacts, 'name' | 'version'>) => `${name} ${version}`

export const maxacceptText = (maxaccept: number) => (maxaccept < 0 ? 'all' : whole(maxaccept))

/** How a cell was loaded, in one line. */
export function conditionsOf({ proxy, guest, accel, load, boots, mostBoots }: ResultCell): string {
  return [
    `${proxyTitle(proxy)}, maxaccept ${proxy.maxaccept}`,
    guest === 'host'
      ? "the host's own kernel"
      : accel === 'tcg'
        ? `${guest}, emulated (tcg)`
        : `${guest} with ${accel === 'kvm' ? 'KVM' : accel}`,
    `${loadDetail(load)}${load.rate === null ? '' : `, at most ${whole(load.users)} at a time`}`,
    ...exchangeParts(load),
    ...(load.fusedAck ? ['fused ACK'] : []),
    ...(load.closeWithRst ? ['closes with RST'] : []),
    `${mostBoots === null ? counted(boots, 'boot') : `until sure at most ${counted(mostBoots, 'boot')}`} with reloads for ${load.duration} s and pauses of ${whole(load.interval)} ms${load.drains ? ` once no more connections wait for accept() than arrive in ${DRAINED_MS} ms, nor than ${DRAINED_MOST}` : ''}`,
    ...(load.warms ? ['one reload before the load, not counted'] : []),
  ].join('; ')
}

/** What connections carry, where that is not one request each. */
function exchangeParts({ exchange }: Load): string[] {
  if (exchange.kind === 'banner') return ['the server speaks first']
  if (exchange.kind === 'request') return []
  return [`kept for up to ${exchange.requests} requests, with pauses of ${exchange.pauseMs} ms`]
}

/** What two kernels have in common that were run alike; the rate of `half` follows from the kernel. */
export function likenessOf({ proxy, guest, accel, load, boots, mostBoots }: ResultCell): string {
  const { capacity, rate, ...asked } = load
  return JSON.stringify([proxy, guest, accel, asked, capacity === null ? rate : null, mostBoots ?? boots])
}

/** What connections are, in front of the word. */
const KINDS = { request: '', banner: 'greeted ', 'keep-alive': 'kept ' } as const

/** "closed loop, 80 connections", "open loop, 2,738 of 5,476 connections a second" */
export function loadDetail({ rate, users, capacity, exchange }: Load): string {
  const kind = KINDS[exchange.kind]
  if (rate === null) return `closed loop, ${counted(users, `${kind}connection`)}`
  return `open loop, ${whole(rate)}${capacity === null ? '' : ` of ${whole(capacity)}`} ${kind}connections a second`
}

/** A load in a sentence, behind "under". */
export function loadWords({ name, rate, users, exchange }: Load): string {
  if (name === 'saturated') return "the article's load"
  if (name === 'half') return 'half of the capacity'
  const kind = KINDS[exchange.kind]
  return rate === null ? counted(users, `${kind}connection`) : `${whole(rate)} ${kind}arrivals a second`
}
