import { contract } from '@lectern/contract/contract.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { buildOpenApi } from '@lectern/contract/openapi.ts';
import type { systemEndpoints } from '@lectern/contract/system.ts';
import { requireMetricsReader } from '../domain/health/metrics-reader.ts';
import { notReady } from '../domain/health/readiness.ts';
import { getInitData } from '../domain/system/init-data.ts';
import { getSystemStatus } from '../domain/system/status.ts';
import { version } from '../version.ts';
import type { Handlers } from './handler.ts';
import { openapiPage } from './openapi-page.ts';

const welcome = {
  en: 'Use this address as base URL, with "Authorization: Bearer fastgpt-…". The documentation lists every endpoint.',
  zh: '请以此地址为基础地址，并携带 "Authorization: Bearer fastgpt-…"。文档列出全部接口。',
};

/** Built on first use and kept: the contract does not change while the process lives. */
function memo(build: (lang: Lang) => string): (lang: Lang) => string {
  const made = new Map<Lang, string>();
  return (lang) => {
    const text = made.get(lang) ?? build(lang);
    made.set(lang, text);
    return text;
  };
}
const documentOf = memo((lang) => JSON.stringify(buildOpenApi(contract, { lang, version })));

export const systemHandlers: Handlers<typeof systemEndpoints> = {
  apiRoot: (_input, { origin, lang }) => ({
    name: 'Lectern' as const,
    version,
    baseUrl: `${origin}/api`,
    docs: `${origin}/openapi`,
    openapi: `${origin}/openapi.json`,
    message: welcome[lang],
  }),
  health: () => ({ status: 'live' as const, version }),
  healthReady: async (_input, { app }) => {
    const reasons = await app.readiness.reasons();
    if (reasons.length === 0) return { ready: true as const, checks: [...app.readiness.checks] };
    throw notReady(reasons);
  },
  metrics: async (_input, { app, bearer, local }) => {
    requireMetricsReader(app.config.metricsToken, { bearer, local });
    const { metrics } = app;
    return {
      contentType: metrics.contentType,
      body: await metrics.text(),
      headers: { 'cache-control': 'no-store' },
    };
  },
  openapiDocument: (input, { lang, origin }) => ({
    contentType: 'application/json; charset=utf-8',
    // Examples are to be pasted: they name this server as the reader reached it.
    body: documentOf(input.lang ?? lang).replaceAll('http://localhost:3000', () =>
      JSON.stringify(origin).slice(1, -1),
    ),
  }),
  openapiPage: (input, { lang }) => openapiPage(input.lang ?? lang),
  getInitData: (_input, { app, caller, origin, lang }) => getInitData(app, caller, { origin, lang, version }),
  getSystemStatus: (_input, { app, caller, lang }) => getSystemStatus(app, caller, { lang, version }),
};
