import { useLocalStorage } from '@mantine/hooks';
import { defaultSettings, type SearchSettings } from './settings.ts';

/** Questions that are remembered of a dataset. */
const mostRemembered = 20;

export interface Remembered {
  left: SearchSettings;
  right: SearchSettings;
  /** Whether both are asked. */
  compare: boolean;
  /** What was asked, latest first. */
  questions: string[];
}

const nothing: Remembered = {
  left: defaultSettings,
  right: { ...defaultSettings, mode: 'fullTextRecall' },
  compare: false,
  questions: [],
};

/** The questions with a new one in front, each once. */
export const withQuestion = (questions: readonly string[], question: string): string[] =>
  [question, ...questions.filter((one) => one !== question)].slice(0, mostRemembered);

const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** What this browser kept of an earlier visit, whatever version of the console wrote it. */
export function readRemembered(text: string | undefined): Remembered {
  try {
    const kept = JSON.parse(text ?? '{}') as Partial<Remembered>;
    return {
      left: readSettings(kept.left, nothing.left),
      right: readSettings(kept.right, nothing.right),
      compare: kept.compare === true,
      questions: listOf(kept.questions).slice(0, mostRemembered),
    };
  } catch {
    return nothing;
  }
}

function readSettings(kept: Partial<SearchSettings> | undefined, fallback: SearchSettings): SearchSettings {
  const entries = Object.entries(fallback).map(([name, value]) => {
    const found = kept?.[name as keyof SearchSettings];
    return [name, Array.isArray(value) ? listOf(found) : typeof found === typeof value ? found : value];
  });
  const settings = Object.fromEntries(entries) as SearchSettings;
  const modes = ['embedding', 'fullTextRecall', 'mixedRecall'];
  return modes.includes(settings.mode) ? settings : { ...settings, mode: fallback.mode };
}

/** Settings and questions of the search test of a dataset, kept in this browser. */
export const useRemembered = (datasetId: string) =>
  useLocalStorage<Remembered>({
    key: `lectern-search-${datasetId}`,
    defaultValue: nothing,
    getInitialValueInEffect: false,
    deserialize: readRemembered,
  });
