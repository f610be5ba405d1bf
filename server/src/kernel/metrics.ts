import type { ErrorName } from '@lectern/contract/errors.ts';
import type { Registry as AnyRegistry } from 'prom-client';
import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';

/** One sample of a gauge that is read when somebody asks. */
export interface Sample {
  labels: Record<string, string>;
  value: number;
}

/** A value that is looked up only when the metrics are read. */
export interface Watched {
  /** Without the prefix `lectern_`. */
  name: string;
  help: string;
  labels?: readonly string[];
  /** Failing or taking longer than two seconds leaves the metric out of this reading. */
  read(): Promise<Sample[]> | Sample[];
}

export interface ModelCall {
  model: string;
  kind: 'chat' | 'embedding' | 'rerank' | 'vision' | 'speech' | 'transcription';
  /** `ok`, `aborted`, or the name of the error. */
  outcome: string;
  ms: number;
  /** Until the first piece of the answer. */
  firstMs?: number | undefined;
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
}

/**
 * What happens in this process, counted. Recording takes some microseconds; everything dear happens when the metrics
 * are read. Labels come from closed lists: no user's words, names of teams or secrets.
 */
export interface Metrics {
  request(facts: { route: string; method: string; status: number; ms: number }): void;
  /** An error of the catalogue that was answered. */
  error(name: ErrorName): void;
  modelCall(call: ModelCall): void;
  search(facts: { mode: string; ms: number; failed: boolean }): void;
  runEnded(status: string): void;
  /** One try of a job. */
  jobEnded(facts: { kind: string; outcome: 'done' | 'failed' | 'aborted'; ms: number }): void;
  storeCall(operation: 'read' | 'write' | 'batch', ms: number, thrown?: unknown): void;
  /** One channel of a model failed, whether or not another one answered then; a channel by its id. */
  channelFailed(channel: string, failure: string): void;
  /** A call to an address that may not be reached. */
  outboundRefused(reason: string): void;
  watch(watched: Watched): void;
  /** Everything in Prometheus' text format. */
  text(): Promise<string>;
  /** The media type of `text()`. */
  readonly contentType: string;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const mostModels = 50;
const readingMs = 2_000;

/** Why a key was refused, out of all errors. */
const keyRefusals = new Set<ErrorName>([
  'unauthorized',
  'keyMalformed',
  'keyUnknown',
  'keyExpired',
  'keyOverBudget',
  'keyAddressForbidden',
  'keyRouteForbidden',
  'keyScopeMissing',
  'keyAppMismatch',
  'wrongKeyKind',
  'sessionNeeded',
  'tooManyRequests',
]);

const fast = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const medium = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const slow = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Metrics of one server: its own registry, nothing global. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const name = (short: string) => `lectern_${short}`;
  const counter = <L extends string>(short: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name: name(short), help, labelNames, registers });
  const histogram = <L extends string>(
    short: string,
    help: string,
    labelNames: readonly L[],
    buckets: number[],
  ) => new Histogram<L>({ name: name(short), help, labelNames, buckets, registers });

  const requests = counter('http_requests_total', 'Requests answered.', ['route', 'method', 'status']);
  const requestSeconds = histogram(
    'http_request_seconds',
    'Time from the request to the end of its answer.',
    ['route'],
    medium.concat(30, 120),
  );
  const failures = counter('errors_total', 'Errors answered, by their name in the catalogue.', ['error']);
  const refusals = counter('key_refusals_total', 'Requests refused for their credential.', ['cause']);
  const models = modelMetrics(counter, histogram);
  const searches = histogram('search_seconds', 'Searches by mode.', ['mode', 'outcome'], medium);
  const runs = counter('chat_runs_ended_total', 'Answers that ended, by status.', ['status']);
  const jobSeconds = histogram('job_seconds', 'Tries of jobs.', ['kind', 'outcome'], slow);
  const storeSeconds = histogram(
    'store_seconds',
    'Statements and transactions, as their caller waits for them.',
    ['operation'],
    fast,
  );
  const storeFailures = counter('store_failures_total', 'Statements that failed.', ['operation']);
  const outbound = counter('outbound_refused_total', 'Calls to addresses that may not be reached.', [
    'reason',
  ]);
  const channelFailures = counter('channel_failures_total', 'Calls that one channel of a model failed.', [
    'channel',
    'failure',
  ]);
  const readProcess = processMetrics(registry);

  return {
    request({ route, method, status, ms }) {
      requests.inc({ route, method: methods.has(method) ? method : 'other', status });
      requestSeconds.observe({ route }, ms / 1000);
    },
    error(error) {
      failures.inc({ error });
      if (keyRefusals.has(error)) refusals.inc({ cause: error });
    },
    modelCall: models,
    search: ({ mode, ms, failed }) =>
      searches.observe({ mode, outcome: failed ? 'failed' : 'ok' }, ms / 1000),
    runEnded: (status) => runs.inc({ status }),
    jobEnded: ({ kind, outcome, ms }) => jobSeconds.observe({ kind, outcome }, ms / 1000),
    storeCall(operation, ms, thrown) {
      storeSeconds.observe({ operation }, ms / 1000);
      if (thrown !== undefined) storeFailures.inc({ operation });
    },
    channelFailed: (channel, failure) => channelFailures.inc({ channel, failure }),
    outboundRefused: (reason) => outbound.inc({ reason: reason.split(' ')[0] ?? 'other' }),
    watch: (watched) => watch(registry, { ...watched, name: name(watched.name) }),
    async text() {
      await readProcess();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

type MakeCounter = <L extends string>(name: string, help: string, labels: readonly L[]) => Counter<L>;
type MakeHistogram = <L extends string>(
  name: string,
  help: string,
  labels: readonly L[],
  buckets: number[],
) => Histogram<L>;

function modelMetrics(counter: MakeCounter, histogram: MakeHistogram): (call: ModelCall) => void {
  const calls = counter('model_calls_total', 'Calls of models.', ['model', 'kind', 'outcome']);
  const seconds = histogram('model_call_seconds', 'Calls of models, whole.', ['model', 'kind'], slow);
  const first = histogram('model_first_part_seconds', 'Wait for the first piece.', ['model'], slow);
  const tokens = counter('model_tokens_total', 'Tokens that models counted.', ['model', 'kind', 'direction']);
  // Names are the operator's, but a provider may list hundreds and each costs memory here and in Prometheus.
  const known = new Set<string>();
  const bounded = (model: string): string => {
    if (known.has(model)) return model;
    if (known.size >= mostModels) return 'other';
    known.add(model);
    return model;
  };
  return ({ kind, outcome, ms, firstMs, inputTokens = 0, outputTokens = 0, ...call }) => {
    const model = bounded(call.model);
    calls.inc({ model, kind, outcome });
    seconds.observe({ model, kind }, ms / 1000);
    if (firstMs !== undefined) first.observe({ model }, firstMs / 1000);
    if (inputTokens > 0) tokens.inc({ model, kind, direction: 'input' }, inputTokens);
    if (outputTokens > 0) tokens.inc({ model, kind, direction: 'output' }, outputTokens);
  };
}

function watch(registry: AnyRegistry, watched: Watched): void {
  new Gauge({
    name: watched.name,
    help: watched.help,
    labelNames: watched.labels ?? [],
    registers: [registry],
    async collect() {
      this.reset();
      const samples = await soon(watched.read).catch(() => []);
      for (const { labels, value } of samples) this.set(labels, value);
    },
  });
}

/** A store that hangs must not take the other metrics along. */
async function soon(read: Watched['read']): Promise<Sample[]> {
  const late = Promise.withResolvers<Sample[]>();
  const timer = setTimeout(() => late.resolve([]), readingMs);
  try {
    return await Promise.race([Promise.resolve(read()), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Memory, CPU, garbage collection and event loop lag of the process. They begin with the first reading: where nobody
 * reads, the 10 MB that watching them takes are not spent.
 */
function processMetrics(register: AnyRegistry): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => {
    begun ??= import('prom-client/lib/defaultMetrics.js').then(({ default: collect }) =>
      collect({ register }),
    );
    return begun;
  };
}
