import type { Event } from '../../model/events.ts'
import type { Plant } from '../finding.ts'

/** A defect in an event stream: what a sabotaged generator, watch or clock would have told of a healthy cell. */
export interface StreamPlant extends Plant {
  edit: (events: Event[]) => Event[]
  /** Whether the edited stream is that of another boot of the cell, beside the one as it is. */
  twin?: true
}
