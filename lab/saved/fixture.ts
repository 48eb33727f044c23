import * as assert from 'uvu/assert'
import { Fault } from '../model/fault.ts'

/** For tests: the fault that `act` ends with. */
export function faultOf(act: () => unknown): Fault {
  try {
    act()
  } catch (error) {
    assert.instance(error, Fault)
    return error as Fault
  }
  throw new Error('no fault')
}
