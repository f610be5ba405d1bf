import { Anchor, Button, Group, Paper, Text } from '@mantine/core';
import { IconBookmarkPlus, IconCheck } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { notifyError } from '../../ui/notify.ts';

interface SaveQuestionBarProps {
  datasetId: string;
  question: string;
  /** Ids of the passages that were marked as right. */
  expected: string[];
}

/** Keeps the question with the passages that should be found, so that evaluations ask it. */
export function SaveQuestionBar({ datasetId, question, expected }: SaveQuestionBarProps) {
  const { t } = useTranslation('search');
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => api.createSavedQuestion({ datasetId, question, expectedDataIds: expected }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['quality', 'questions', datasetId] }),
    onError: notifyError,
  });
  const saved = save.data !== undefined;
  return (
    <Paper withBorder p="xs" pl="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" flex="1 1 220px">
          {saved
            ? t('save.done')
            : t(expected.length === 0 ? 'save.mark' : 'save.marked', { count: expected.length })}
        </Text>
        {saved ? (
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link to="/datasets/$datasetId/quality" params={{ datasetId }} {...props} />
            )}
          >
            {t('save.open')}
          </Anchor>
        ) : (
          <Button
            size="xs"
            variant="light"
            leftSection={
              saved ? (
                <IconCheck size={16} aria-hidden />
              ) : (
                <IconBookmarkPlus size={16} stroke={1.6} aria-hidden />
              )
            }
            disabled={expected.length === 0}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {t('save.label')}
          </Button>
        )}
      </Group>
    </Paper>
  );
}
