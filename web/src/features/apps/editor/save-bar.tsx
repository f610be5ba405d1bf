import { Badge, Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { fullTime } from '../../../ui/time-ago.tsx';
import { Tooltip } from '../../../ui/tooltip.tsx';
import type { AppDetail } from '../queries.ts';
import type { Draft } from './use-draft.ts';
import { mayDiscard } from './use-leave-guard.ts';

/** How the draft stands to what is stored and to what answers, and the buttons that change that. */
export function SaveBar({ app, draft }: { app: AppDetail; draft: Draft }) {
  const { t } = useTranslation('apps');
  const { dirty, saving } = draft;
  const state = dirty ? 'unsaved' : app.hasUnpublishedChanges ? 'unpublished' : 'published';
  const colors = { unsaved: 'orange', unpublished: 'yellow', published: 'teal' } as const;
  const published = app.publishedTime ? fullTime(new Date(app.publishedTime)) : '';
  return (
    <Group gap="xs">
      <Tooltip label={t(`state.${state}Hint`, { time: published })} multiline maw={300}>
        <Badge color={colors[state]} variant="light" size="lg" tt="none" fw={550} role="status" tabIndex={0}>
          {t(`state.${state}`)}
        </Badge>
      </Tooltip>
      {dirty && (
        <Button
          variant="subtle"
          color="gray"
          onClick={async () => (await mayDiscard()) && draft.discard()}
          disabled={saving !== undefined}
        >
          {t('save.discard')}
        </Button>
      )}
      <Button
        variant="default"
        loading={saving === 'draft'}
        disabled={!dirty || saving === 'publish'}
        onClick={() => draft.save('draft')}
      >
        {t('save.draft')}
      </Button>
      <Button
        loading={saving === 'publish'}
        disabled={state === 'published' || saving === 'draft'}
        onClick={() => draft.save('publish')}
      >
        {t('save.publish')}
      </Button>
    </Group>
  );
}
