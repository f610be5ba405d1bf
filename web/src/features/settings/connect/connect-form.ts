import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { serviceOf } from './services.ts';

export interface ConnectValues {
  service: string;
  baseUrl: string;
  credential: string;
  llm: string[];
  embedding: string[];
  rerank: string[];
}

export const kinds = ['llm', 'embedding', 'rerank'] as const;

/** The fields of a provider that is being connected; choosing a service fills in its address. */
export function useConnectForm() {
  const { t } = useTranslation(['settings', 'common']);
  const form = useForm<ConnectValues>({
    initialValues: {
      service: 'openai',
      baseUrl: serviceOf('openai').baseUrl,
      credential: '',
      llm: [],
      embedding: [],
      rerank: [],
    },
    validate: {
      baseUrl: (value) => (URL.canParse(value) ? null : t('connect.urlWrong')),
      llm: (_, values) => (kinds.some((kind) => values[kind].length > 0) ? null : t('connect.noModel')),
    },
  });
  const choose = (id: string) =>
    form.setValues({ service: id, baseUrl: serviceOf(id).baseUrl, llm: [], embedding: [], rerank: [] });
  return { form, choose };
}

export type ConnectForm = ReturnType<typeof useConnectForm>['form'];
