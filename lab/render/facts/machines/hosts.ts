import type { Result } from '../../../model/result.ts'

type Host = Result['host']

/** Where some cells were carried out. */
export interface Place {
  /** A shard's number, or what a run is called. */
  name: string
  host: Host
  cells: Result['cells']
  /** Debian's version of each source package that was built there. */
  sources?: Record<string, string> | undefined
}

/** Something that is not the same in all places, with the places that have each. */
export interface Unlike {
  /** As a subject: "QEMU". */
  what: string
  /** Why that matters, as the end of a sentence. */
  why: string
  each: { value: string; places: string[] }[]
}

/** Whether a host's own kernel does something for the cells beside running the lab: else it is what is compared. */
const carriesGuests = ({ cells }: Place) => cells.some(({ guest }) => guest !== 'host')

const MAYBE = 'what differs between them may be the'

/** Whether its guests had two threads of one core. Older boots do not tell, and look as if they had not. */
const coresOf = ({ cells }: Place): string | null => {
  const boots = cells.flatMap(({ eachBoot }) => eachBoot)
  const on = boots.filter(({ oneCore }) => oneCore).length
  if (boots.length === 0) return null
  if (on === 0) return 'not known to be on one core'
  return on === boots.length ? 'on two threads of one core' : 'in part on two threads of one core'
}

/** What numbers depend on beside the cells, as far as a place tells it. Null where it does not. */
const CONDITIONS: { what: string; why: string; of: (place: Place) => string | null }[] = [
  {
    what: 'engine',
    why: `${MAYBE} engine: a newer or older QEMU, other rights, other neighbours`,
    of: ({ host }) => host.engine ?? null,
  },
  { what: 'QEMU', why: `${MAYBE} QEMU`, of: ({ host }) => host.qemu },
  {
    what: "host's kernel",
    why: `${MAYBE} kernel below the guests`,
    of: (place) => (carriesGuests(place) ? place.host.kernel : null),
  },
  {
    what: 'accelerator',
    why: `${MAYBE} accelerator`,
    of: ({ cells }) =>
      [...new Set(cells.flatMap(({ guest, accel }) => (guest === 'host' ? [] : accel)))].sort().join(', ') || null,
  },
  {
    what: 'placement on cores',
    why: 'proxy and generator slow each other on two threads of one: compare only with what ran so, too',
    of: coresOf,
  },
  {
    what: 'image',
    why: "images of one name that were built apart may have different packages of Debian's in them",
    of: ({ host: { image, imageId } }) => (image && imageId ? `${image} (${brief(imageId)})` : null),
  },
]

/** The beginning of an image's Id: enough to tell it from others by eye. A resumed run may have several. */
export const brief = (id: string) => id.replace(/sha256:(\w{12})\w*/g, '$1')

/** What is not the same in several places. What measured nothing, and what a place does not tell, differs from nothing. */
export function unlike(places: Place[]): Unlike[] {
  const measuring = places.filter(({ cells }) => cells.length > 0)
  const names = [...new Set(measuring.flatMap(({ sources }) => Object.keys(sources ?? {})))].sort()
  const sources = names.map((name) => ({
    what: `version of ${name}`,
    why: `${MAYBE} version`,
    of: ({ sources }: Place) => sources?.[name] ?? null,
  }))
  return [...CONDITIONS, ...sources].flatMap(({ what, why, of }) => {
    const values = [...new Set(measuring.flatMap((place) => of(place) ?? []))]
    if (values.length < 2) return []
    const having = (value: string) => measuring.filter((place) => of(place) === value).map(({ name }) => name)
    return [{ what, why, each: values.map((value) => ({ value, places: having(value) })) }]
  })
}

/** What a run tells in one field where it went on with another: see `joinProvenance` in lab/saved/version/provenance.ts. */
export const THEN = ', then '

/** What changed while a run was interrupted, as it tells it: "QEMU 7.2, then QEMU 10.0". */
export const changedMeanwhile = (place: Place): Unlike[] =>
  CONDITIONS.flatMap(({ what, why, of }) => {
    const values = of(place)?.split(THEN) ?? []
    return values.length < 2 ? [] : [{ what, why, each: [{ value: values.join(THEN), places: [] }] }]
  })
