import { setPriority } from 'node:os';

/** How much a process or thread that works for nobody who waits gives way to others (as `nice` counts). */
const courtesy = 10;

/** Lets others go first from now on: the process, or without one the thread that calls. No harm where it cannot be. */
export function giveWay(pid?: number): void {
  try {
    setPriority(pid ?? 0, courtesy);
  } catch {
    // A system may forbid it.
  }
}
