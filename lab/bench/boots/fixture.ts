import type { Made } from '../record/made.ts'
import type { BenchBoot } from './boot.ts'
import type { ToldBoot } from './turns.ts'

// For tests: what a bench could have measured.

export const MADE: Made = {
  began: '2026-12-01T10:00:00.000Z',
  seconds: 630,
  lab: { version: '0.1.0', commit: 'abcdef0' },
  host: { kernel: '6.18.1', cpu: 'a CPU', cpus: 2, qemu: null, tools: { node: '20.20.2' } },
}

export const boot = (side: string, cell: string, round: number, told: Partial<ToldBoot['told']> = {}): ToldBoot => ({
  ...{ side, cell, round, loadAverage: [0.5, 0.4, 0.3], seconds: (told.took ?? 7) + 1 },
  told: {
    ...{ took: 7, reloads: 20, connections: 20_000, resets: 40, refused: 0, timeouts: 0 },
    ...{ perSecond: 4000, p99: 20, capped: null, waited: 0.01, stolen: 0, ...told },
  },
})

export const failed = (side: string, cell: string, round: number): BenchBoot => ({
  ...boot(side, cell, round),
  told: { failed: 'it hung' },
})
