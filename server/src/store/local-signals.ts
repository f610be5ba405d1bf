import { EventEmitter } from 'node:events';
import type { Signals } from './ports.ts';

/** Signals of a store that has one process: they are heard in this process only, at the next turn of the loop. */
export function createLocalSignals(): Signals {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return {
    async send(topic, text = '') {
      setImmediate(() => emitter.emit(topic, text));
    },
    on(topic, listener) {
      emitter.on(topic, listener);
      return () => emitter.off(topic, listener);
    },
  };
}
