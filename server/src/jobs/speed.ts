import type { Done, Speed } from './job-rows.ts';

/** So far back it looks, in milliseconds: long enough to be steady, short enough to be of now. */
const windowMs = 5_000;
/** What happens within less than this says nothing of a second. */
const leastMs = 200;

/** Makes the speed of the last seconds of what a job says it has done. */
export function createSpeedMeter(clock: () => number = () => performance.now()) {
  let unit: Done['unit'] | undefined;
  let samples: { time: number; amount: number }[] = [];
  return {
    /** Answers nothing as long as there is nothing to compare with. */
    note(done: Done): Speed | undefined {
      const time = clock();
      const last = samples.at(-1);
      // Another unit, or a count that begins anew, is another stage.
      if (done.unit !== unit || (last && done.amount < last.amount)) samples = [];
      unit = done.unit;
      samples.push({ time, amount: done.amount });
      // The last one outside of the window stays, so that a slow job has a speed as well.
      while (samples.length > 2 && time - (samples[1]?.time ?? time) > windowMs) samples.shift();
      const first = samples[0];
      if (!first || time - first.time < leastMs) return undefined;
      const perSecond = ((done.amount - first.amount) * 1000) / (time - first.time);
      return { perSecond: Math.round(perSecond * 10) / 10, unit: done.unit };
    },
  };
}
