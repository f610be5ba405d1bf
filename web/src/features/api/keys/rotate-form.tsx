import { Alert, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { Select } from '../../../ui/select.tsx';
import { type ApiKey, forgetKeys } from '../queries.ts';

interface RotateFormProps {
  apiKey: ApiKey;
  onDone: (rotated: Answer<'rotateKey'>) => void;
  onClose: () => void;
}

const overlaps = ['0', '1', '24', '168', '720'] as const;

/** Gives a key a new key string, and the old one some time. */
export function RotateForm({ apiKey, onDone, onClose }: RotateFormProps) {
  const { t } = useTranslation('api');
  const client = useQueryClient();
  const [hours, setHours] = useState<string>('24');
  const rotate = useMutation({
    mutationFn: () => api.rotateKey({ id: apiKey._id, overlapHours: Number(hours) }),
    onSuccess: async (rotated) => {
      onDone(rotated);
      await forgetKeys(client);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        rotate.mutate();
      }}
    >
      <Stack>
        <Text size="sm">{t('rotate.text')}</Text>
        <Select
          label={t('rotate.overlap')}
          description={t('rotate.overlapHint')}
          data={overlaps.map((value) => ({ value, label: t(`rotate.hours.${value}`) }))}
          allowDeselect={false}
          value={hours}
          onChange={(value) => setHours(value ?? '24')}
        />
        {apiKey.previous && (
          <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />}>
            {t('rotate.again', { key: apiKey.previous.apiKey })}
          </Alert>
        )}
        {rotate.error && <ErrorAlert error={rotate.error} />}
        <FormButtons submit={t('rotate.submit')} busy={rotate.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
}
