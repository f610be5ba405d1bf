import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiBaseUrl } from '../../api/client.ts';
import { readVariable } from '../apps/document/variables.ts';
import type { AppDetail } from '../apps/queries.ts';
import type { SampleSettings } from './code-samples.ts';

/** The call that the screen shows and tries. */
export interface Sample {
  settings: SampleSettings;
  change: (changes: Partial<Pick<SampleSettings, 'question' | 'stream' | 'chatId'>>) => void;
}

/** A value for each variable of the app, so that the call works as it is. */
function exampleVariables(app: AppDetail): SampleSettings['variables'] {
  const declared = app.chatConfig.variables ?? [];
  const values = declared.map((variable) => {
    const { key, type, defaultValue, options } = readVariable(variable);
    if (defaultValue !== '') return [key, defaultValue] as const;
    if (type === 'numberInput') return [key, 1] as const;
    return [key, options[0] ?? '…'] as const;
  });
  return Object.fromEntries(values);
}

/**
 * The settings of the call to an app.
 * @param key in plain text; '' = not known
 */
export function useSample(app: AppDetail, key: string): Sample {
  const { t } = useTranslation('api');
  const [chosen, setChosen] = useState<Partial<SampleSettings>>({});
  const variables = useMemo(() => exampleVariables(app), [app]);
  return {
    settings: {
      baseUrl: apiBaseUrl,
      appId: app._id,
      key: key.trim() || 'fastgpt-…',
      question: t('try.exampleQuestion'),
      stream: false,
      chatId: undefined,
      variables,
      ...chosen,
    },
    change: (changes) => setChosen((before) => ({ ...before, ...changes })),
  };
}
