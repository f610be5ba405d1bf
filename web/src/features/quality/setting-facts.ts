import type { TFunction } from 'i18next';
import { formatNumber, formatPercent } from '../../ui/format.ts';
import type { Summary } from './queries.ts';

type Setting = Summary['setting'];

/** One thing that a setting says, in words. */
export interface Fact {
  label: string;
  text: string;
}

/** All that a setting says, always in the same order. */
export function factsOf(t: TFunction<['quality', 'search']>, setting: Setting): Fact[] {
  const { searchMode, rerankModel, datasetSearchExtensionModel: chat } = setting;
  const mode = t(`search:mode.${searchMode}`);
  const weight = t('search:line.weight', { meaning: formatPercent(setting.embeddingWeight) });
  const rerank = [rerankModel ?? t('fact.on'), formatPercent(setting.rerankWeight)].join(' · ');
  const extension = [chat ?? t('fact.on'), setting.datasetSearchExtensionBg].filter(Boolean).join(' · ');
  return [
    { label: t('search:mode.label'), text: searchMode === 'mixedRecall' ? `${mode} · ${weight}` : mode },
    { label: t('search:limit.label'), text: formatNumber(setting.limit) },
    {
      label: t('search:similarity.label'),
      text: setting.similarity > 0 ? formatNumber(setting.similarity, 2) : t('search:similarity.all'),
    },
    { label: t('search:rerank.label'), text: setting.usingReRank ? rerank : t('fact.off') },
    {
      label: t('search:extension.label'),
      text: setting.datasetSearchUsingExtensionQuery ? extension : t('fact.off'),
    },
    { label: t('fact.vectorModel'), text: setting.vectorModel },
    { label: t('fact.index'), text: t(`fact.${setting.index}`) },
  ];
}

/** The facts in which two settings differ, those of the first. */
export const differingFacts = (of: readonly Fact[], other: readonly Fact[]): Fact[] =>
  of.filter(({ text }, place) => text !== other[place]?.text);
