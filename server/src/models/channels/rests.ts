import type { FailureKind } from '../failure-kind.ts';

/** Failed calls in a row after which a channel rests. */
const patience = 3;
const firstRestMs = 30_000;
const longestRestMs = 10 * 60_000;

/** How a channel has done lately. */
export interface ChannelState {
  failures: number;
  /** When it may be asked again; 0 = now. */
  restsUntil: number;
  lastFailure: FailureKind | undefined;
}

/**
 * Which channels rest. A channel that keeps failing is asked only after all others of its model, for half a minute
 * at first and twice as long each time it fails again; one success forgives everything.
 */
export interface Rests {
  state(channel: string): ChannelState;
  succeeded(channel: string): void;
  /** `waitMs` is how long the provider asked to be left alone. */
  failed(channel: string, kind: FailureKind, waitMs?: number): void;
  /** Forgets channels that are gone or were changed. */
  keepOnly(channels: ReadonlySet<string>): void;
}

const fresh: ChannelState = { failures: 0, restsUntil: 0, lastFailure: undefined };

export function createRests(now: () => number = Date.now): Rests {
  const states = new Map<string, ChannelState>();
  return {
    state: (channel) => states.get(channel) ?? fresh,
    succeeded: (channel) => void states.delete(channel),
    failed(channel, kind, waitMs = 0) {
      const failures = (states.get(channel)?.failures ?? 0) + 1;
      const own = failures < patience ? 0 : firstRestMs * 2 ** (failures - patience);
      const rest = Math.min(Math.max(own, waitMs), longestRestMs);
      states.set(channel, { failures, restsUntil: rest > 0 ? now() + rest : 0, lastFailure: kind });
    },
    keepOnly(channels) {
      for (const channel of states.keys()) if (!channels.has(channel)) states.delete(channel);
    },
  };
}
