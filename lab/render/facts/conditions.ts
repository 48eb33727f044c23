import type { ProxyFacts } from '../../model/cell.ts'
import { DRAINED_MOST, DRAINED_MS, type Load } from '../../model/load.ts'
import type { ResultCell } from '../../model/result.ts'
import { counted, whole } from '../../model/text/amounts.ts'

/** A proxy by the name that `--proxy` takes, and its version: "haproxy 2.6.12". */
export const proxyTitle = ({ name, version }: Pick<ProxyFacts, 'name' | 'version'>) => `${name} ${version}`

export const maxacceptText = (maxaccept: number) => (maxaccept < 0 ? 'all' : whole(maxaccept))

/** How a cell was loaded, in one line. */
export function conditionsOf({ proxy, guest, accel, load, boots, mostBoots }: ResultCell): string {
  return [
    `${proxyTitle(proxy)}, maxaccept ${proxy.maxaccept}`,
    guest === 'host'
      ? "the host's own kernel"
      : accel === 'kvm'
        ? `${guest} with KVM`
        : `${guest}, emulated (${accel})`,
    `${loadDetail(load)}${load.rate === null ? '' : `, at most ${whole(load.users)} at a time`}`,
    ...(load.fusedAck ? ['fused ACK'] : []),
    ...(load.closeWithRst ? ['closes with RST'] : []),
    `${mostBoots === null ? counted(boots, 'boot') : `until sure at most ${counted(mostBoots, 'boot')}`} with reloads for ${load.duration} s and pauses of ${whole(load.interval)} ms${load.drains ? ` once no more connections wait for accept() than arrive in ${DRAINED_MS} ms, nor than ${DRAINED_MOST}` : ''}`,
    ...(load.warms ? ['one reload before the load, not counted'] : []),
  ].join('; ')
}

/** What two kernels have in common that were run alike; the rate of `half` follows from the kernel. */
export function likenessOf({ proxy, guest, accel, load, boots, mostBoots }: ResultCell): string {
  const { capacity, rate, ...asked } = load
  return JSON.stringify([proxy, guest, accel, asked, capacity === null ? rate : null, mostBoots ?? boots])
}

/** "closed loop, 80 connections", "open loop, 2,738 of 5,476 connections a second" */
export function loadDetail({ rate, users, capacity }: Load): string {
  if (rate === null) return `closed loop, ${counted(users, 'connection')}`
  return `open loop, ${whole(rate)}${capacity === null ? '' : ` of ${whole(capacity)}`} connections a second`
}

/** A load in a sentence, behind "under". */
export function loadWords({ name, rate, users }: Load): string {
  if (name === 'saturated') return "the article's load"
  if (name === 'half') return 'half of the capacity'
  return rate === null ? counted(users, 'connection') : `${whole(rate)} arrivals a second`
}
