import { Button, Stack, Text } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../api/me.ts';
import type { Changeable } from '../api/save-unless-changed.ts';
import { Modal } from './modal.tsx';
import { timeAgo } from './time-ago.tsx';

interface ChangedDialogProps {
  /** What is stored now; absent = nothing stands against what is to be stored. */
  theirs: (Changeable & { updatedBy: { tmbId: string; name: string } | null }) | undefined;
  /** Their version is to be seen, and what was changed here is lost. */
  onTheirs: () => void;
  /** What was changed here takes the place of theirs. */
  onMine: () => void;
  onClose: () => void;
}

/** Somebody stored something else while it was being changed here: whose is to stay? */
export function ChangedDialog({ theirs, onTheirs, onMine, onClose }: ChangedDialogProps) {
  const { t } = useTranslation('common');
  // Its words stay while it closes.
  const last = useRef(theirs);
  last.current = theirs ?? last.current;
  return (
    <Modal opened={theirs !== undefined} onClose={onClose} title={t('changed.title')}>
      <Stack gap="md">
        {last.current && <WhoAndWhen theirs={last.current} />}
        <Text size="sm">{t('changed.choice')}</Text>
        <Stack gap="xs">
          <Button data-autofocus onClick={onClose}>
            {t('changed.stay')}
          </Button>
          <Button variant="default" onClick={onTheirs}>
            {t('changed.theirs')}
          </Button>
          <Button variant="light" color="red" onClick={onMine}>
            {t('changed.mine')}
          </Button>
        </Stack>
      </Stack>
    </Modal>
  );
}

function WhoAndWhen({ theirs }: { theirs: NonNullable<ChangedDialogProps['theirs']> }) {
  const { t } = useTranslation('common');
  const me = useMe();
  const { updatedBy } = theirs;
  const who = updatedBy === null ? 'unknown' : updatedBy.tmbId === me.team.tmbId ? 'you' : 'other';
  const time = timeAgo(new Date(theirs.updateTime)) ?? t('time.now');
  return <Text size="sm">{t(`changed.${who}`, { name: updatedBy?.name ?? '', time })}</Text>;
}
