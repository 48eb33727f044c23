import { release } from 'node:os'
import { isMachine, isPath, seriesOf } from '../../../images/kernels/catalogue.ts'
import { cachedKernel } from '../../../images/kernels/obtain.ts'
import type { Supply } from '../../model/supply.ts'
import type { KnownKernel } from '../../plan/preview.ts'
import { featuresSince, knownFeatures } from '../../prepare/features.ts'
import { oldestForeseen, proxyOfTimeForeseen, seriesForeseen } from '../open/foresee.ts'
import type { EngineName } from '../workplace/engines.ts'

/**
 * What is known of a kernel without booting or fetching it: on this machine what the cache has of it, and what its guest
 * once told; else what its name tells.
 *
 * @param spec as `--kernel` names it
 */
export async function knownKernel(spec: string, engine: EngineName, supply: Supply): Promise<KnownKernel> {
  if (engine !== 'local') return byVersion(seriesForeseen(spec), oldestForeseen(spec))
  if (spec === 'host') return byVersion(seriesOf(release()))
  if (isMachine(spec) || isPath(spec)) return byVersion(null)
  const cached = (await cachedKernel(spec, supply))?.kernel
  if (!cached) return byVersion(seriesForeseen(spec), oldestForeseen(spec))
  const series = seriesOf(cached.name)
  const told = await knownFeatures(cached.sha256)
  return told ? { series, features: told, by: 'guest', proxy: proxyOfTimeForeseen(series) } : byVersion(series)
}

const byVersion = (series: string | null, oldest = series): KnownKernel => ({
  series,
  features: series === null ? null : featuresSince(series),
  by: series === null ? 'nothing' : 'version',
  proxy: proxyOfTimeForeseen(oldest),
})
