import type { Guard } from '../kernel/outbound-guard.ts';
import type { ConfiguredChannel } from './configured.ts';
import type { OpenAiClient } from './openai-wire/client.ts';
import { createProviderClient } from './providers/provider.ts';

/** The connections of stored channels: one pool each, kept for as long as its channel stays as it is. */
export interface Connections {
  /** The pool of a channel, opened when it is first asked for. */
  of(channel: Pick<ConfiguredChannel, 'id' | 'kind' | 'baseUrl' | 'credential' | 'state'>): OpenAiClient;
  /** Lets go of all pools but these; calls that run on one may end. */
  keepOnly(states: ReadonlySet<string>): void;
  close(): Promise<void>;
}

export function createConnections(options: { timeoutMs: number; guard: Guard }): Connections {
  const open = new Map<string, OpenAiClient>();
  const leaving = new Set<Promise<void>>();
  return {
    of({ kind, baseUrl, credential, state }) {
      const known = open.get(state);
      if (known) return known;
      const client = createProviderClient({
        kind,
        baseUrl: kind === 'ollama' ? ollamaBase(baseUrl) : baseUrl,
        credential,
        timeoutMs: options.timeoutMs,
        connect: options.guard.connector(options.timeoutMs),
      });
      open.set(state, client);
      return client;
    },
    keepOnly(states) {
      for (const [state, client] of open) {
        if (states.has(state)) continue;
        open.delete(state);
        const gone = client.drain().finally(() => leaving.delete(gone));
        leaving.add(gone);
      }
    },
    async close() {
      await Promise.all([...open.values()].map((client) => client.close()));
      open.clear();
    },
  };
}

/** Ollama is named by its address; its OpenAI-compatible interface lies below /v1. */
const ollamaBase = (baseUrl: string) => (/\/v1$/.test(baseUrl) ? baseUrl : `${baseUrl}/v1`);
