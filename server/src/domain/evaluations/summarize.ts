import type { Text } from '@lectern/contract/lang.ts';
import { meansOf } from './metrics.ts';
import type { QuestionResult, SettingSummary } from './values.ts';

/** The means of one setting over its questions; those that failed count apart. */
export function summarize(results: readonly QuestionResult[]): SettingSummary {
  const answered = results.filter(({ error }) => error === undefined);
  const times = answered.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const sum = (of: (result: QuestionResult) => number) => results.reduce((all, one) => all + of(one), 0);
  const modes: Record<string, number> = {};
  for (const { searchMode } of answered) if (searchMode) modes[searchMode] = (modes[searchMode] ?? 0) + 1;
  const notice = commonNotice(answered);
  return {
    questions: answered.length,
    failed: results.length - answered.length,
    ...meansOf(answered),
    meanMs: Math.round(times.reduce((all, ms) => all + ms, 0) / Math.max(1, times.length)),
    p95Ms: Math.round(times[Math.min(times.length - 1, Math.floor(times.length * 0.95))] ?? 0),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    points: sum(({ points }) => points),
    searchModes: modes,
    ...(notice && { notice }),
  };
}

/** What the searches said most often of themselves. */
function commonNotice(results: readonly QuestionResult[]): Text | undefined {
  const said = Map.groupBy(
    results.flatMap(({ notice }) => (notice ? [notice] : [])),
    ({ en }) => en,
  );
  const [most] = [...said.values()].sort((a, b) => b.length - a.length);
  return most?.[0];
}
