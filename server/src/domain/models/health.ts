import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { modelRegistryEndpoints } from '@lectern/contract/model-registry.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Metrics } from '../../kernel/metrics.ts';
import type { CallOutcome } from '../../models/channels/call.ts';
import type { Store } from '../../store/ports.ts';
import type { ModelHealthRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { authorizeModels } from './manage.ts';
import { allChannels } from './queries.ts';

/**
 * How calls of models go, by hour, model and channel. Noted in memory, where it costs a few additions, and written
 * every few seconds in one batch; numbers are added up in the store, so that several processes can write.
 */
export interface ModelHealth {
  record(outcome: CallOutcome): void;
  /** Writes what has collected; what could not be written stays for the next time. */
  flush(): Promise<void>;
  /** Writes the rest and ends the timer. */
  stop(): Promise<void>;
}

const hourMs = 3_600_000;
const keptMs = 30 * 24 * hourMs;
const flushMs = 10_000;

/** Upper bounds of the classes in which latencies are counted, in milliseconds. */
const classes = [50, 100, 200, 400, 800, 1500, 3000, 6000, 12_000, 30_000, 60_000, 600_000];

export function createModelHealth({
  store,
  log,
  metrics,
}: {
  store: Store;
  log: Logger;
  metrics: Pick<Metrics, 'channelFailed'>;
}): ModelHealth {
  let collected = new Map<string, ModelHealthRow>();
  let forgottenAt = 0;
  let running: Promise<void> = Promise.resolve();
  const add = (row: ModelHealthRow) => {
    const key = `${row.hour} ${row.measure} ${row.channel} ${row.model}`;
    const known = collected.get(key);
    if (known) known.value += row.value;
    else collected.set(key, { ...row });
  };

  const write = async () => {
    const rows = [...collected.values()];
    collected = new Map();
    try {
      const now = Date.now();
      if (rows.length > 0) await store.batch(rows.map((row) => adding(store, row)));
      if (now - forgottenAt < hourMs) return;
      await store.db
        .deleteFrom('model_health')
        .where('hour', '<', now - keptMs)
        .execute();
      forgottenAt = now;
    } catch (error) {
      for (const row of rows) add(row);
      log.warn({ err: error }, 'the health of models could not be written; it is kept for the next time');
    }
  };
  const flush = () => {
    running = running.then(write);
    return running;
  };
  const timer = setInterval(() => void flush(), flushMs);
  timer.unref();

  return {
    record({ model, channel, failure, latencyMs, usage }) {
      const now = Date.now();
      const at = { hour: now - (now % hourMs), model, channel };
      add({ ...at, measure: 'calls', value: 1 });
      if (failure) {
        metrics.channelFailed(channel, failure);
        add({ ...at, measure: `fail:${failure}`, value: 1 });
        return;
      }
      add({ ...at, measure: 'ms', value: Math.round(latencyMs) });
      add({ ...at, measure: `lt:${classes.find((bound) => latencyMs < bound) ?? 600_000}`, value: 1 });
      if (usage?.inputTokens) add({ ...at, measure: 'in', value: usage.inputTokens });
      if (usage?.outputTokens) add({ ...at, measure: 'out', value: usage.outputTokens });
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}

const adding = (store: Store, row: ModelHealthRow) =>
  store.db
    .insertInto('model_health')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['hour', 'model', 'channel', 'measure'])
        .doUpdateSet((eb) => ({ value: eb('model_health.value', '+', eb.ref('excluded.value')) })),
    )
    .compile();

type Answer = OutputOf<typeof modelRegistryEndpoints.getModelHealth>;
type Figures = Answer[number]['total'];

/** How the calls of models went, the latest hour first. */
export async function getModelHealth(
  app: Pick<App, 'store' | 'modelHealth'>,
  caller: Caller,
  input: { model?: string | undefined; channelId?: string | undefined; hours?: number | undefined },
): Promise<Answer> {
  await authorizeModels(app, caller);
  await app.modelHealth.flush();
  const { db } = app.store;
  const since = Date.now() - (input.hours ?? 24) * hourMs;
  let query = db
    .selectFrom('model_health')
    .selectAll()
    .where('hour', '>', since - hourMs);
  if (input.model !== undefined) query = query.where('model', '=', input.model);
  if (input.channelId !== undefined) query = query.where('channel', '=', input.channelId);
  const [rows, channels] = await Promise.all([query.execute(), allChannels(db)]);
  const names = new Map(channels.map(({ id, name }) => [id, name]));
  const groups = Map.groupBy(rows, ({ model, channel }) => JSON.stringify([model, channel]));
  return [...groups.values()]
    .map((group) => {
      const { model = '', channel = '' } = group[0] ?? {};
      const hours = [...Map.groupBy(group, ({ hour }) => Number(hour))].sort(([a], [b]) => b - a);
      return {
        model,
        channelId: channel,
        channelName: names.get(channel) ?? channel,
        total: figuresOf(group),
        hours: hours.map(([hour, of]) => ({ time: new Date(hour).toISOString(), ...figuresOf(of) })),
      };
    })
    .sort((a, b) => a.model.localeCompare(b.model) || a.channelName.localeCompare(b.channelName));
}

function figuresOf(rows: readonly ModelHealthRow[]): Figures {
  const sums = new Map<string, number>();
  for (const { measure, value } of rows) sums.set(measure, (sums.get(measure) ?? 0) + Number(value));
  const sum = (measure: string) => sums.get(measure) ?? 0;
  const failures = [...sums].flatMap(([measure, value]) =>
    measure.startsWith('fail:') ? [[measure.slice(5), value] as const] : [],
  );
  const counts = classes.map((bound) => sum(`lt:${bound}`));
  const answered = counts.reduce((a, b) => a + b, 0);
  const percentile = (share: number) => {
    let seen = 0;
    const at = counts.findIndex((count) => {
      seen += count;
      return seen >= share * answered;
    });
    return classes[at] ?? 0;
  };
  return {
    calls: sum('calls'),
    failures: Object.fromEntries(failures),
    inputTokens: sum('in'),
    outputTokens: sum('out'),
    latencyMs:
      answered === 0
        ? null
        : { mean: Math.round(sum('ms') / answered), p50: percentile(0.5), p95: percentile(0.95) },
  };
}
