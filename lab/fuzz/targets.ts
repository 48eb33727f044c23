import { archives } from './archives.ts'
import { images, kernels, programs } from './binaries.ts'
import { results } from './results.ts'
import { anyFields, index } from './stanzas.ts'
import { streams } from './streams.ts'
import type { Target } from './target.ts'
import { versions } from './versions.ts'

/** All that reads bytes of strangers. */
export const TARGETS: Target[] = [streams, results, images, kernels, programs, versions, index, anyFields, archives]
