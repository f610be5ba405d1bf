import { Button, Group, PasswordInput, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Section } from '../../../ui/section.tsx';
import { useUnsavedGuard } from '../../data/unsaved.ts';
import type { Dataset } from '../queries.ts';
import { SourceState } from '../source-state.tsx';
import { useSaveDataset } from './use-save-dataset.ts';

interface Values {
  url: string;
  selector: string;
  baseUrl: string;
  basePath: string;
  authorization: string;
  autoSync: boolean;
}

/** Where a website or API dataset comes from, and how often it is brought up to date. */
export function SourceSettings({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation(['datasets', 'common']);
  const save = useSaveDataset(dataset._id);
  const isWebsite = dataset.type === 'websiteDataset';
  const server = dataset.apiDatasetServer?.apiServer;
  const required = (value: string) => (value.trim() === '' ? t('common:error.required') : null);
  const form = useForm<Values>({
    initialValues: {
      url: dataset.websiteConfig?.url ?? '',
      selector: dataset.websiteConfig?.selector ?? '',
      baseUrl: server?.baseUrl ?? '',
      basePath: server?.basePath ?? '',
      authorization: '',
      autoSync: dataset.autoSync ?? false,
    },
    validate: isWebsite ? { url: required } : { baseUrl: required },
  });
  useUnsavedGuard(form.isDirty());
  if (!isWebsite && dataset.type !== 'apiDataset') return null;
  const disabled = !dataset.permission.hasWritePer;
  const submit = (values: Values) => {
    const { url, selector, baseUrl, basePath, authorization, autoSync } = values;
    save.mutate(
      isWebsite
        ? { autoSync, websiteConfig: { url, selector } }
        : {
            autoSync,
            apiDatasetServer: { apiServer: { baseUrl, basePath, ...(authorization && { authorization }) } },
          },
      { onSuccess: () => form.resetDirty(values) },
    );
  };
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Section title={t(isWebsite ? 'settings.website' : 'settings.api')}>
        <SourceState dataset={dataset} />
        {isWebsite ? (
          <>
            <TextInput
              label={t('source.url')}
              description={t('source.urlAbout')}
              disabled={disabled}
              {...form.getInputProps('url')}
            />
            <TextInput
              label={t('source.selector')}
              description={t('source.selectorAbout')}
              disabled={disabled}
              {...form.getInputProps('selector')}
            />
          </>
        ) : (
          <>
            <TextInput
              label={t('source.baseUrl')}
              description={t('source.baseUrlAbout')}
              disabled={disabled}
              {...form.getInputProps('baseUrl')}
            />
            <TextInput
              label={t('source.basePath')}
              description={t('source.basePathAbout')}
              disabled={disabled}
              {...form.getInputProps('basePath')}
            />
            <PasswordInput
              label={t('source.authorization')}
              description={t('source.authorizationKept')}
              autoComplete="off"
              disabled={disabled}
              {...form.getInputProps('authorization')}
            />
          </>
        )}
        <Switch
          label={t('source.autoSync')}
          description={t('source.autoSyncAbout')}
          disabled={disabled}
          {...form.getInputProps('autoSync', { type: 'checkbox' })}
        />
        {save.error && <ErrorAlert error={save.error} />}
        {!disabled && (
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {t('common:action.save')}
            </Button>
          </Group>
        )}
      </Section>
    </form>
  );
}
