import type { TrainingMode } from '../items.ts';
import type { Train } from '../mode.ts';
import { trainAuto } from './auto.ts';
import { trainImage } from './image.ts';
import { trainImageParse } from './image-parse.ts';
import { trainQa } from './qa.ts';

/** What is asked about an item in each mode; a new one is a file beside this and a line here. */
export const trainers: Record<TrainingMode, Train> = {
  qa: trainQa,
  auto: trainAuto,
  image: trainImage,
  imageParse: trainImageParse,
};
