import type { TrainingMode } from '../items.ts';
import type { Train } from '../mode.ts';
import { trainAuto } from './auto.ts';
import { trainQa } from './qa.ts';

/** What is asked about an item in each mode; a new one is a file beside this and a line here. */
export const trainers: Partial<Record<TrainingMode, Train>> = { qa: trainQa, auto: trainAuto };
