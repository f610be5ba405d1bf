import { join } from 'node:path';
import { contract } from '@lectern/contract/contract.ts';
import type { FastifyInstance } from 'fastify';
import { handlers } from './api/index.ts';
import type { Config } from './config.ts';
import { keepRecovering } from './domain/chats/recover.ts';
import { createRunRegistry } from './domain/chats/registry.ts';
import type { App } from './domain/context.ts';
import { calibrateDataset } from './domain/datasets/calibrate-dataset.ts';
import { createDamageWatch, createReadiness, type DamageWatch } from './domain/health/readiness.ts';
import { createJobFeed } from './domain/jobs/feed.ts';
import { createKeyUsage } from './domain/keys/usage.ts';
import { createModelHealth } from './domain/models/health.ts';
import { createLiveModels, type TrustedOrigins } from './domain/models/live-models.ts';
import type { AnyHandler } from './http/bind.ts';
import { createHttpServer } from './http/server.ts';
import { leaveDeliveries } from './jobs/deliver-webhook.ts';
import { createEmbedding } from './jobs/embedding.ts';
import { exchangeHandlers, jobHandlers, qualityHandlers } from './jobs/index.ts';
import { measuredHandlers, watchJobs } from './jobs/measured.ts';
import { createJobQueue } from './jobs/queue.ts';
import type { TrainOptions } from './jobs/training/train-dataset.ts';
import { createTraining } from './jobs/training/training.ts';
import type { Logger } from './kernel/logger.ts';
import { createMetrics, type Metrics } from './kernel/metrics.ts';
import { createOutbound } from './kernel/outbound.ts';
import { createGuard, type GuardOptions } from './kernel/outbound-guard.ts';
import { createSecretBox } from './kernel/secret-box.ts';
import { createTokenSigner } from './kernel/signed-token.ts';
import { createTempDir } from './kernel/temp-dir.ts';
import { measuredModels } from './models/measured.ts';
import { createModelRegistry } from './models/registry.ts';
import { measuredSearch } from './retrieval/measured.ts';
import { createDocumentParser } from './retrieval/parser.ts';
import { createSearchService } from './retrieval/search.ts';
import { createTextIndex } from './retrieval/text-index.ts';
import { createVectorIndex } from './retrieval/vector-index.ts';
import { type BlobStore, createBlobStore } from './store/blobs.ts';
import { refuseIncomplete } from './store/copy/incomplete.ts';
import { openStore } from './store/open.ts';
import type { ServerStore } from './store/ports.ts';
import { createProcesses, type ServerProcesses } from './store/processes.ts';
import { explainStart } from './store/sqlite/start-problem.ts';
import { version } from './version.ts';

/** How long callers may take to read what was written to them when the server stops. */
const lastWordsMs = 2_000;

/** A server put together and ready to listen. */
export interface Composed {
  app: App;
  http: FastifyInstance;
  /** Every `METHOD /path` that is answered. */
  served: string[];
  /** Tells other servers that try this directory where this one answers. */
  announce(address: string): Promise<void>;
  /** Resolves with the cause when the store is gone although nobody closed it: nothing works from then on. */
  storeDied: Promise<unknown>;
  /** Lets running answers finish (bounded by the configured patience), then closes everything in order. */
  close(): Promise<void>;
}

/** From here on others see this process, and it will not work on half of an installation. */
async function enter(store: ServerStore, processes: ServerProcesses): Promise<void> {
  try {
    await processes.start();
    await refuseIncomplete(store.db);
  } catch (thrown) {
    await processes.stop().catch(() => undefined);
    await store.close();
    throw thrown;
  }
}

/** The parts of the data directory beside the store. Rejects with StoreStartError when they cannot be used. */
async function openDirectories(dataDir: string) {
  try {
    return { temp: await createTempDir(join(dataDir, 'tmp')), blobs: createBlobStore(dataDir) };
  } catch (thrown) {
    throw explainStart(thrown, (thrown as NodeJS.ErrnoException).path ?? dataDir);
  }
}

/** What tests may set otherwise. */
interface ComposeOptions {
  checkResponses?: boolean;
  guard?: GuardOptions;
  trainOptions?: TrainOptions;
}

/** Builds every part from the settings and hands each what it needs: with what it calls, the one place that knows them all. */
export async function compose(config: Config, log: Logger, options: ComposeOptions = {}): Promise<Composed> {
  const metrics = createMetrics();
  const damage = createDamageWatch();
  const store = await openStore(config, log, (operation, ms, thrown) => {
    metrics.storeCall(operation, ms, thrown);
    if (thrown !== undefined) damage.note(thrown);
  });
  const processes = createProcesses({ store, log, version });
  await enter(store, processes);
  const { temp, blobs } = await openDirectories(config.dataDir);
  const { app, models } = await assemble({
    ...{ config, log, metrics, store, processes, blobs, damage },
    tempDir: temp.path,
    ...(options.guard && { guardOptions: options.guard }),
  });
  const stopRecovering = await keepRecovering(app);
  await startWork(app, options.trainOptions);
  watchJobs(store, metrics);
  metrics.watch({
    name: 'chat_runs_running',
    help: 'Answers that this process is working on.',
    read: () => [{ labels: {}, value: app.runs.count }],
  });
  const served: string[] = [];
  const http = await createHttpServer({
    onRoute: (method, path) => served.push(`${method} ${path}`),
    app,
    contract,
    handlers: handlers as unknown as Record<string, AnyHandler>,
    tempDir: temp.path,
    checkResponses: options.checkResponses === true,
  });
  return {
    app,
    http,
    served,
    async announce(address) {
      store.announce(address);
      await processes.announce(address);
    },
    storeDied: store.died,
    close: () => close({ app, http, stopRecovering, models, store, temp }),
  };
}

/** What stands before the parts that work with it. */
interface Ground {
  config: Config;
  log: Logger;
  metrics: Metrics;
  store: ServerStore;
  processes: ServerProcesses;
  blobs: BlobStore;
  damage: DamageWatch;
  tempDir: string;
  guardOptions?: GuardOptions;
}

/** The parts of the app, none of which works by itself yet. */
async function assemble(ground: Ground): Promise<{ app: App; models: { close(): Promise<void> } }> {
  const { config, log, metrics, store, processes, blobs, damage, tempDir } = ground;
  const textIndex = createTextIndex({ store, log });
  const vectorIndex = createVectorIndex({ store, cacheMb: config.vectorCacheMb, log });
  const secrets = createSecretBox(config);
  const { trustedOrigins, guard, modelGuard } = createGuards(ground);
  const modelHealth = createModelHealth({ store, log, metrics });
  const models = createModelRegistry({
    ...{ config, log, guard: modelGuard },
    countTokens: (texts) => textIndex.countTokens(texts),
    onCall: modelHealth.record,
  });
  const liveModels = createLiveModels({ store, secrets, models, trustedOrigins, log });
  await liveModels.reload();
  const measured = measuredModels(models, metrics);
  const search = createSearchService({ store, textIndex, vectorIndex, models: measured, log });
  const jobs = createJobQueue({
    store,
    log,
    owner: processes.id,
    clock: processes.now,
    ended: leaveDeliveries,
  });
  const runs = createRunRegistry(processes.id, metrics.runEnded);
  const app: App = {
    ...{ config, log, store, processes, liveModels, modelHealth, guard, modelGuard, secrets },
    ...{ textIndex, vectorIndex, tempDir, blobs, jobs, runs, metrics },
    models: measured,
    outbound: createOutbound({}, guard),
    tokens: createTokenSigner(secrets),
    search: measuredSearch(search, metrics),
    parser: createDocumentParser({ tempDir, log }),
    embedding: createEmbedding({ store, textIndex, jobs, models: measured, vectorIndex, log }),
    jobFeed: createJobFeed({ store, processes, log }),
    training: createTraining({ store, jobs, log }),
    keyUsage: createKeyUsage({ store, log }),
    readiness: createReadiness({ config, store, blobs, textIndex, jobs, runs, damage }),
  };
  return { app, models };
}

/**
 * What may be reached by model calls, and what by every other address that somebody of a team names: root's trust for
 * the first is none for the second, whose answers editors can read.
 */
function createGuards({ metrics, log, guardOptions }: Pick<Ground, 'metrics' | 'log' | 'guardOptions'>) {
  const trustedOrigins: TrustedOrigins = { models: new Set(), all: new Set() };
  const guardOf = (trusted: ReadonlySet<string>) =>
    createGuard({
      trusted: (origin) => trusted.has(origin),
      onRefused({ host, reason }) {
        metrics.outboundRefused(reason);
        log.warn({ host, reason }, 'an address that may not be reached was refused');
      },
      ...guardOptions,
    });
  return { trustedOrigins, guard: guardOf(trustedOrigins.all), modelGuard: guardOf(trustedOrigins.models) };
}

/** Begins what goes on in the background. */
async function startWork(app: App, trainOptions: TrainOptions | undefined): Promise<void> {
  await app.jobs.start(
    measuredHandlers(
      {
        ...jobHandlers({
          ...app,
          embedded: (dataset, signal) => calibrateDataset(app, dataset, signal),
          charge: (keyId, points) => app.keyUsage.addPoints(keyId, points),
          ...(trainOptions && { trainOptions }),
        }),
        ...qualityHandlers(app),
        ...exchangeHandlers(app),
      },
      app.metrics,
    ),
  );
  await app.embedding.start();
  await app.training.start();
}

/** What `compose` opened and nothing but its end closes. */
interface Opened {
  app: App;
  http: FastifyInstance;
  stopRecovering(): Promise<void>;
  models: { close(): Promise<void> };
  store: ServerStore;
  temp: { close(): Promise<void> };
}

/** Lets running answers finish, then closes everything in the order in which one part needs another. */
async function close({ app, http, stopRecovering, models, store, temp }: Opened): Promise<void> {
  app.jobFeed.close();
  const closed = http.close();
  await app.runs.drain(app.config.shutdownMs);
  // A caller who never reads the end of an answer must not hold the server up.
  const impatient = setTimeout(() => http.server.closeAllConnections(), lastWordsMs);
  await closed;
  clearTimeout(impatient);
  await app.embedding.stop();
  await app.training.stop();
  await app.jobs.stop();
  await stopRecovering();
  await app.keyUsage.stop();
  app.liveModels.stop();
  await app.modelHealth.stop();
  await Promise.all([models.close(), app.parser.close(), app.textIndex.close(), app.vectorIndex.close()]);
  await app.processes.stop();
  await store.close();
  await temp.close();
}
