import type { Rests } from './rests.ts';

/** What decides when a channel is asked. */
export interface Ranked {
  /** What its state is kept under. */
  key: string;
  priority: number;
  weight: number;
}

/**
 * The order in which the channels of a model are asked for one call: higher priorities first, by chance in proportion
 * to their weight within one priority, and those that rest last of all, the one whose rest ends first before the
 * others. No channel is left out: the only one of a model is asked although it rests.
 */
export function inOrder<C extends Ranked>(
  channels: readonly C[],
  rests: Rests,
  now = Date.now(),
  random: () => number = Math.random,
): readonly C[] {
  if (channels.length < 2) return channels;
  const drawn = channels.map((channel) => {
    const { restsUntil } = rests.state(channel.key);
    // The smallest of exponentially distributed draws is this channel's with probability weight / sum of weights.
    const draw = channel.weight > 0 ? -Math.log(1 - random()) / channel.weight : Number.POSITIVE_INFINITY;
    return { channel, rest: restsUntil > now ? restsUntil : 0, draw };
  });
  drawn.sort((a, b) => a.rest - b.rest || b.channel.priority - a.channel.priority || compare(a.draw, b.draw));
  return drawn.map(({ channel }) => channel);
}

/** Infinity minus infinity is no number. */
const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
