import { Box, Button, Stack } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { OnceOpened } from '../../../ui/modal.tsx';
import { AppFrame } from '../app-frame.tsx';
import type { SimpleSettings } from '../document/settings.ts';
import type { AppDetail } from '../queries.ts';
import { DatasetSection } from './dataset-section.tsx';
import { HostSection } from './host-section.tsx';
import { ModelSection } from './model-section.tsx';
import { Preview } from './preview.tsx';
import { PromptSection } from './prompt-section.tsx';
import { SaveBar } from './save-bar.tsx';
import classes from './simple-editor.module.css';
import { useDraft } from './use-draft.ts';
import { useLeaveGuard } from './use-leave-guard.ts';
import { VariableSection } from './variable-section.tsx';
import { WelcomeSection } from './welcome-section.tsx';

// Comes when somebody else changed the app meanwhile, which is rare.
const ChangedDialog = lazy(async () => ({
  default: (await import('../../../ui/changed-dialog.tsx')).ChangedDialog,
}));

/** The form of a simple app beside a chat with the app as the form says it; on small screens one of the two. */
export function SimpleEditor({ app, stored }: { app: AppDetail; stored: SimpleSettings }) {
  const { t } = useTranslation('apps');
  const draft = useDraft(app, stored);
  useLeaveGuard(draft.dirty);
  const [shown, setShown] = useState<'form' | 'chat'>('form');
  useHotkeys([['mod+S', () => draft.dirty && draft.save('draft')]], []);
  return (
    <AppFrame app={app} tab="setup" actions={<SaveBar app={app} draft={draft} />}>
      <Button.Group className={classes.switch ?? ''} mb="md" aria-label={t('editor.shown')}>
        {(['form', 'chat'] as const).map((part) => (
          <Button
            key={part}
            fullWidth
            variant={shown === part ? 'light' : 'default'}
            aria-pressed={shown === part}
            onClick={() => setShown(part)}
          >
            {t(part === 'form' ? 'tab.setup' : 'preview.title')}
          </Button>
        ))}
      </Button.Group>
      <OnceOpened opened={draft.conflict.theirs !== undefined}>
        <ChangedDialog {...draft.conflict} />
      </OnceOpened>
      <Box className={classes.columns ?? ''} data-shown={shown}>
        <Stack gap="md" className={classes.form ?? ''}>
          {draft.error !== null && <ErrorAlert error={draft.error} />}
          <PromptSection draft={draft} />
          <ModelSection draft={draft} />
          <DatasetSection draft={draft} named={app.datasets} />
          <WelcomeSection draft={draft} />
          <VariableSection draft={draft} />
          <HostSection draft={draft} />
        </Stack>
        <Box className={classes.preview ?? ''}>
          <Preview app={app} draft={draft} />
        </Box>
      </Box>
    </AppFrame>
  );
}
