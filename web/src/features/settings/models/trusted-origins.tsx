import { ActionIcon, Badge, Box, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { confirmDelete } from '../../../ui/confirm-delete.tsx';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { TimeAgo } from '../../../ui/time-ago.tsx';
import { originsQuery } from '../queries.ts';
import { useModelsChange } from './use-models-change.ts';

/** Private addresses that may be reached, for root. */
export function TrustedOrigins() {
  const { t } = useTranslation(['settings', 'common']);
  const { data } = useSuspenseQuery(originsQuery);
  const remove = useModelsChange((origin: string) => api.deleteTrustedOrigin({ origin }));
  return (
    <Stack>
      {data.length > 0 && (
        <Box component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {data.map(({ origin, note, reach, createTime }) => (
            <Group key={origin} component="li" wrap="nowrap" gap="sm" py="xs">
              <Group flex={1} miw={0} gap="xs" justify="space-between">
                <Box flex="1 1 200px" miw={0}>
                  <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
                    {origin}
                  </Text>
                  {note && (
                    <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                      {note}
                    </Text>
                  )}
                </Box>
                <Badge variant="light" color={reach === 'all' ? 'orange' : 'gray'}>
                  {t(`origins.reach.${reach}`)}
                </Badge>
                <Text size="sm" c="dimmed" w={110}>
                  <TimeAgo time={createTime} />
                </Text>
              </Group>
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={t('origins.removeOf', { origin })}
                onClick={() =>
                  confirmDelete({
                    name: origin,
                    text: t('origins.removeText'),
                    onConfirm: () => remove.mutate(origin),
                  })
                }
              >
                <IconTrash size={16} stroke={1.6} />
              </ActionIcon>
            </Group>
          ))}
        </Box>
      )}
      <AddOrigin />
    </Stack>
  );
}

function AddOrigin() {
  const { t } = useTranslation(['settings', 'common']);
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { origin: '', note: '', all: false },
    validate: { origin: (value) => (URL.canParse(value) ? null : t('origins.wrong')) },
  });
  const add = useMutation({
    mutationFn: ({ all, ...values }: typeof form.values) =>
      api.addTrustedOrigin({ ...values, reach: all ? 'all' : 'models' }),
    onSuccess: async () => {
      form.reset();
      await queryClient.invalidateQueries({ queryKey: originsQuery.queryKey });
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => add.mutate(values))}>
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <TextInput
            label={t('origins.origin')}
            placeholder="http://10.0.0.5:11434"
            flex="1 1 220px"
            {...form.getInputProps('origin')}
          />
          <TextInput
            label={t('origins.note')}
            placeholder={t('origins.notePlaceholder')}
            maxLength={500}
            flex="1 1 220px"
            {...form.getInputProps('note')}
          />
          <Button type="submit" variant="default" mt={25} loading={add.isPending}>
            {t('origins.add')}
          </Button>
        </Group>
        <Checkbox
          label={t('origins.all')}
          description={t('origins.allText')}
          {...form.getInputProps('all', { type: 'checkbox' })}
        />
        {add.error && <ErrorAlert error={add.error} />}
      </Stack>
    </form>
  );
}
