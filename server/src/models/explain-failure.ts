import type { Text } from '@lectern/contract/lang.ts';
import { AppError } from '../kernel/errors.ts';
import { type FailureKind, providerFailureOf } from './failure-kind.ts';
import type { ProbeTarget } from './ports.ts';

/** Most names of a provider's list that are shown. */
const mostNames = 8;

const reasons: Record<Exclude<FailureKind, 'notFound'>, Text> = {
  dns: {
    en: 'The host was not found. Is the base URL spelt right, and does this machine have a name server?',
    zh: '找不到主机。请检查基础地址的拼写以及本机的域名解析。',
  },
  refused: {
    en: 'Nobody answers at this address: the connection was refused or there is no route to it. Is the program running there, on this port? Inside a container, localhost is the container itself.',
    zh: '该地址无人应答：连接被拒绝或网络不可达。请确认服务正在该端口运行；在容器内，localhost 指容器自身。',
  },
  tls: {
    en: 'The encrypted connection could not be made. Is the certificate valid for this name, and is it https at all?',
    zh: '无法建立加密连接。请检查证书是否有效、域名是否匹配，以及该地址是否使用 https。',
  },
  forbidden: {
    en: 'The address is not allowed. The user root can trust its origin.',
    zh: '不允许访问该地址。root 用户可将其来源设为可信。',
  },
  network: {
    en: 'The connection broke off. Try again; if it stays so, look at proxies and firewalls on the way.',
    zh: '连接中断。请重试；如仍然中断，请检查途经的代理与防火墙。',
  },
  timeout: {
    en: 'No answer in time. Local models may still be loading: try again in a minute.',
    zh: '未及时响应。本地模型可能仍在加载，请稍后再试。',
  },
  auth: {
    en: 'The provider does not accept the credential. Is it whole, for this service, and neither expired nor revoked?',
    zh: '模型服务不接受该凭证。请检查是否复制完整、属于该服务，且未过期或被吊销。',
  },
  quota: {
    en: 'The account has no money or quota left. Top it up at the provider, or give the key of another account.',
    zh: '账户余额或配额不足。请在模型服务处充值，或使用其他账户的密钥。',
  },
  limit: {
    en: 'Too many requests: the credential works, its limit is reached for now. Try again in a minute.',
    zh: '请求过多：凭证有效，但已达到频率限制，请稍后重试。',
  },
  server: {
    en: 'The provider has a fault of its own. Try again later; its status page or log may say more.',
    zh: '模型服务自身发生故障。请稍后重试，并查看其状态页面或日志。',
  },
  request: {
    en: 'The provider refused the request. Is the model of this type, and may this account use it?',
    zh: '模型服务拒绝了请求。请检查模型类型，以及该账户是否可以使用该模型。',
  },
  answer: {
    en: 'The answer is of another kind than expected. Does the base URL lead to the interface (often ending in /v1), and is the model of this type?',
    zh: '响应与预期不符。请检查基础地址是否指向接口（通常以 /v1 结尾），以及模型类型是否正确。',
  },
};

/** Says of a failed test what is wrong and, where that helps, what the provider said; never a credential. */
export async function explainFailure(
  kind: FailureKind,
  error: unknown,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<Text> {
  const text = kind === 'notFound' ? await unknownName(target, signal) : reasons[kind];
  const words = wordsOf(error);
  if (!words) return text;
  return { en: `${text.en} (${words.en})`, zh: `${text.zh}（${words.zh}）` };
}

/** Says why a provider did not list its models and, where that helps, what it said; never a credential. */
export function explainListing(kind: FailureKind, error: unknown): Text {
  const text = kind === 'notFound' ? noList : reasons[kind];
  const words = wordsOf(error);
  return words ? { en: `${text.en} (${words.en})`, zh: `${text.zh}（${words.zh}）` } : text;
}

const noList: Text = {
  en: 'There is no list of models at this address. The base URL often ends in /v1; if it is right, type the names of the models.',
  zh: '该地址没有模型列表。基础地址通常以 /v1 结尾；如地址无误，请手动填写模型名称。',
};

function wordsOf(error: unknown): Text | undefined {
  const failure = providerFailureOf(error);
  const words = failure?.words ?? (error instanceof AppError ? error.details.params?.details : undefined);
  if (words === undefined || typeof words === 'number') return undefined;
  return typeof words === 'string' ? { en: words, zh: words } : words;
}

async function unknownName(target: ProbeTarget, signal: AbortSignal): Promise<Text> {
  const { wireName } = target;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(5_000)]);
  let names: string[] = [];
  try {
    names = nearestFirst(wireName, await target.listModels(limit)).slice(0, mostNames);
  } catch {
    // A provider without a list, or one that does not answer here either: then the names are not known.
  }
  const list = names.join(', ');
  return names.length > 0
    ? {
        en: `The provider does not know the model "${wireName}". It has: ${list}.`,
        zh: `模型服务没有名为“${wireName}”的模型。可用的有：${list}。`,
      }
    : {
        en: `The provider does not know the model "${wireName}", or the base URL is wrong (it often ends in /v1).`,
        zh: `模型服务没有名为“${wireName}”的模型，或基础地址有误（通常以 /v1 结尾）。`,
      };
}

/** Names by their likeness to the wanted one. */
export function nearestFirst(wanted: string, names: readonly string[]): string[] {
  const plain = (name: string) => name.toLowerCase();
  return names
    .map((name) => ({ name, distance: distance(plain(wanted), plain(name)) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
}

/** Letters to change, put in or take out; a name that holds the other whole is nearer than its length says. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  const whole = row[b.length] ?? 0;
  return a.includes(b) || b.includes(a) ? whole / 4 : whole;
}
