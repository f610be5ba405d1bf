import type { Logger } from '../../kernel/logger.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { ConfiguredChannel, StoredModels } from '../../models/configured.ts';
import type { ModelRegistry } from '../../models/ports.ts';
import type { Store } from '../../store/ports.ts';
import { configuredModel } from './facts.ts';
import { allChannels, allModels, channelPlace, modelPlace, readDefaults, servedModels } from './queries.ts';

/** Keeps the registry at what the store says, in this process and, told by a signal, in every other. */
export interface LiveModels {
  /** Reads the store and takes it over. */
  reload(): Promise<void>;
  /**
   * After a change that was committed: takes it over here, and has the other processes do so. What a model refused to
   * embed as it was is asked for again.
   */
  changed(): Promise<void>;
  /** Names of what cannot be called because its credential cannot be decrypted here. */
  unreadable(): readonly string[];
  stop(): void;
}

/** Origins that root trusts; the guards ask for each connection. */
export interface TrustedOrigins {
  /** For model calls. */
  models: Set<string>;
  /** For every address that somebody of a team names: links, websites, files, webhooks. */
  all: Set<string>;
}

export interface LiveModelParts {
  store: Pick<Store, 'db' | 'signals'>;
  secrets: SecretBox;
  models: Pick<ModelRegistry, 'configure'>;
  trustedOrigins: TrustedOrigins;
  log: Logger;
}

/** Pause before a reading that failed is repeated. */
const againMs = 5_000;

export function createLiveModels(parts: LiveModelParts): LiveModels {
  const { store, log, trustedOrigins } = parts;
  let unreadable: string[] = [];
  let stopped = false;
  // One after the other: a slow reading must not put back what a later one has taken over.
  let reading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    const loaded = await loadStoredModels(parts);
    takeOver(trustedOrigins.models, loaded.stored.trustedOrigins);
    takeOver(trustedOrigins.all, loaded.open);
    parts.models.configure(loaded.stored);
    if (loaded.unreadable.length > 0 && loaded.unreadable.join() !== unreadable.join()) {
      log.error(
        { unreadable: loaded.unreadable },
        'credentials cannot be decrypted: SECRET_KEY or secret.key is another one than they were stored with; these channels and models cannot be called',
      );
    }
    unreadable = loaded.unreadable;
  }
  const reload = () => {
    reading = reading.catch(() => undefined).then(read);
    return reading;
  };
  const onSignal = () => {
    if (stopped) return;
    reload().catch((error: unknown) => {
      if (stopped) return;
      log.warn({ err: error }, 'a change of the models could not be read; it is read again');
      setTimeout(onSignal, againMs).unref();
    });
  };
  const stopListening = store.signals.on('models', onSignal);
  return {
    reload,
    async changed() {
      // Of all teams: models belong to the installation.
      await store.db.deleteFrom('embedding_refusals').execute();
      await reload();
      await store.signals.send('models');
    },
    unreadable: () => unreadable,
    stop() {
      stopped = true;
      stopListening();
    },
  };
}

/** Everything that can be called, with its credentials, and the names of what cannot. */
async function loadStoredModels({ store, secrets }: Pick<LiveModelParts, 'store' | 'secrets'>): Promise<{
  stored: StoredModels;
  open: string[];
  unreadable: string[];
}> {
  const { db } = store;
  const [models, channels, origins, defaults] = await Promise.all([
    allModels(db),
    allChannels(db),
    db.selectFrom('trusted_origins').select(['origin', 'reach']).execute(),
    readDefaults(db),
  ]);
  const trusted = new Set(origins.map(({ origin }) => origin));
  const unreadable: string[] = [];
  const open = (sealed: string | null, place: string, name: string) => {
    const text = sealed === null ? undefined : secrets.open(sealed, place);
    const readable = sealed === null || text !== undefined;
    if (!readable) unreadable.push(name);
    return { readable, credential: text };
  };
  // A connection that was opened while an origin was trusted is not used when it is no longer.
  const stateOf = (id: string, updateTime: number, url: string) =>
    `${id}:${updateTime}:${trusted.has(originOf(url)) ? 'trusted' : ''}`;

  const configured = models.flatMap((row) => {
    const model = configuredModel(row);
    if (row.requestUrl === '') return [model];
    const { readable, credential } = open(row.requestAuth, modelPlace(row.id), row.model);
    const state = stateOf(row.id, row.updateTime, row.requestUrl);
    const direct = { baseUrl: baseOf(row.requestUrl), credential, state };
    return [readable ? { ...model, direct } : { ...model, active: false }];
  });
  const reachable = channels.flatMap((row): ConfiguredChannel[] => {
    const { readable, credential } = open(row.credential, channelPlace(row.id), row.name);
    if (!readable) return [];
    return [
      {
        id: row.id,
        name: row.name,
        kind: row.provider,
        baseUrl: row.baseUrl,
        credential,
        priority: row.priority,
        weight: row.weight,
        enabled: row.enabled === 1,
        models: servedModels(row),
        state: stateOf(row.id, row.updateTime, row.baseUrl),
      },
    ];
  });
  return {
    stored: { models: configured, channels: reachable, defaults, trustedOrigins: [...trusted] },
    open: origins.filter(({ reach }) => reach === 'all').map(({ origin }) => origin),
    unreadable,
  };
}

function takeOver(set: Set<string>, origins: readonly string[]): void {
  set.clear();
  for (const origin of origins) set.add(origin);
}

const originOf = (url: string) => URL.parse(url)?.origin ?? '';

/** FastGPT's `requestUrl` is the whole address of the call; ours adds the path itself. */
function baseOf(requestUrl: string): string {
  return requestUrl.replace(/\/+$/, '').replace(/\/(?:chat\/completions|embeddings|rerank)$/, '');
}
