import { LecternError } from '@lectern/contract/client.ts';
import { Alert, Button, FileButton, Group, JsonInput, Stack, Text, TextInput } from '@mantine/core';
import { IconInfoCircle, IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { parseImport, withoutDatasets } from '../exchange.ts';
import { forgetApps } from '../queries.ts';

/** Datasets have ids of their own on each server: an export of another one names some that are not here. */
const namesUnknownDataset = (error: unknown) =>
  error instanceof LecternError && error.statusText === 'unExistDataset';

/** Makes an app of an export, from a file or pasted, and opens it. */
export function ImportForm({ folder, onClose }: { folder: string | null; onClose: () => void }) {
  const { t } = useTranslation(['apps', 'common']);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [name, setName] = useState<string>();
  const parsed = text.trim() === '' ? undefined : parseImport(text);
  const shownName = name ?? (parsed?.ok ? parsed.name : '');
  const create = useMutation({
    mutationFn: ({ keepDatasets }: { keepDatasets: boolean }) => {
      if (!parsed?.ok) throw new Error('nothing to import');
      const document = keepDatasets ? parsed.document : withoutDatasets(parsed.document);
      const { intro, type } = parsed;
      const known = ['simple', 'plugin'].includes(type) ? type : 'advanced';
      return api.createApp({ ...document, type: known, name: shownName.trim(), intro, parentId: folder });
    },
    onSuccess: async (appId) => {
      onClose();
      await navigate({ to: '/apps/$appId', params: { appId } });
      await forgetApps(client);
    },
  });
  const read = async (file: File | null) => {
    if (file) setText(await file.text());
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate({ keepDatasets: true });
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {t('import.text')}
        </Text>
        <Group>
          <FileButton accept=".json,application/json" onChange={(file) => void read(file)}>
            {(props) => (
              <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} {...props}>
                {t('import.file')}
              </Button>
            )}
          </FileButton>
        </Group>
        <JsonInput
          label={t('import.paste')}
          value={text}
          onChange={setText}
          minRows={6}
          maxRows={12}
          autosize
          error={parsed && !parsed.ok ? t(`import.bad.${parsed.reason}`) : undefined}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        />
        {parsed?.ok && (
          <TextInput
            label={t('field.name')}
            description={t('import.found', { count: parsed.document.nodes.length })}
            value={shownName}
            maxLength={200}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        {namesUnknownDataset(create.error) ? (
          <Alert icon={<IconInfoCircle aria-hidden />} title={t('import.datasetsTitle')} role="alert">
            <Stack gap="xs" align="flex-start">
              <Text size="sm">{t('import.datasetsText')}</Text>
              <Button size="xs" onClick={() => create.mutate({ keepDatasets: false })}>
                {t('import.without')}
              </Button>
            </Stack>
          </Alert>
        ) : (
          create.error && <ErrorAlert error={create.error} />
        )}
        <FormButtons
          submit={t('common:action.import')}
          busy={create.isPending}
          disabled={!parsed?.ok || shownName.trim() === ''}
          onCancel={onClose}
        />
      </Stack>
    </form>
  );
}
