import type { Text } from '@lectern/contract/lang.ts';
import type { Guard } from '../kernel/outbound-guard.ts';
import { listModels } from './environment.ts';
import { explainListing } from './explain-failure.ts';
import { type FailureKind, failureKind } from './failure-kind.ts';
import { createProviderClient, type ProviderKind } from './providers/provider.ts';

/** What a provider says of its models, or why it does not. */
export interface ListedModels {
  /** The request, for people. */
  asked: string;
  names: string[];
  failure?: FailureKind;
  message: Text;
}

const patienceMs = 10_000;
/** Most names that are taken over. */
const mostNames = 2000;

/** Asks a provider once for the list of its models. Never throws for what the provider or the way to it does. */
export async function askForModels(options: {
  kind: ProviderKind;
  baseUrl: string;
  credential: string | undefined;
  /** Absent = the operator named the address. */
  guard?: Guard;
  signal: AbortSignal;
}): Promise<ListedModels> {
  const { kind, credential, guard } = options;
  const baseUrl =
    kind === 'ollama' && !/\/v1$/.test(options.baseUrl) ? `${options.baseUrl}/v1` : options.baseUrl;
  const asked = `GET ${baseUrl}/models`;
  const client = createProviderClient({
    kind,
    baseUrl,
    credential,
    timeoutMs: patienceMs,
    ...(guard && { connect: guard.connector(patienceMs) }),
  });
  try {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(patienceMs)]);
    const names = (await listModels(client, new URL(baseUrl).host, signal)).slice(0, mostNames);
    const message = {
      en: names.length === 1 ? 'The provider named one model.' : `The provider named ${names.length} models.`,
      zh: `模型服务列出了 ${names.length} 个模型。`,
    };
    return { asked, names, message };
  } catch (error) {
    if (options.signal.aborted) throw error;
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    const failure = timedOut ? 'timeout' : (failureKind(error) ?? 'answer');
    return { asked, names: [], failure, message: explainListing(failure, error) };
  } finally {
    await client.close();
  }
}
