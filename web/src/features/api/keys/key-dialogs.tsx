import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../api/client.ts';
import { closedByButton } from '../../../ui/closed-by-button.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Modal } from '../../../ui/modal.tsx';
import type { ApiKey } from '../queries.ts';
import { CreatedKey } from './created-key.tsx';

const KeyForm = lazy(async () => ({ default: (await import('./key-form.tsx')).KeyForm }));
const LabelsForm = lazy(async () => ({ default: (await import('./labels-form.tsx')).LabelsForm }));
const RotateForm = lazy(async () => ({ default: (await import('./rotate-form.tsx')).RotateForm }));

/** Which dialog of keys is open. */
export type KeyDialog = { kind: 'create' } | { kind: 'labels' } | { kind: 'edit' | 'rotate'; apiKey: ApiKey };

interface KeyDialogsProps {
  dialog: KeyDialog | null;
  /** The app whose keys are shown; null = all. */
  appId: string | null;
  onClose: () => void;
  /** A key that was just made, in plain text. */
  onCreated?: (key: string) => void;
}

type Shown = Answer<'rotateKey'> | { apiKey: string };

/** The dialogs of keys, one at a time. A new key stays until its owner says that it is kept. */
export function KeyDialogs({ dialog, appId, onClose, onCreated }: KeyDialogsProps) {
  const { t } = useTranslation('api');
  const [created, setCreated] = useState<Shown>();
  const show = (shown: Shown) => {
    onClose();
    setCreated(shown);
    onCreated?.(shown.apiKey);
  };
  const name = dialog && 'apiKey' in dialog ? dialog.apiKey.name : '';
  return (
    <>
      <Modal
        opened={dialog !== null && !created}
        onClose={onClose}
        title={dialog && t(`dialog.${dialog.kind}`, { name })}
      >
        <Suspense fallback={<Loading />}>
          {(dialog?.kind === 'create' || dialog?.kind === 'edit') && (
            <KeyForm
              keyToEdit={'apiKey' in dialog ? dialog.apiKey : undefined}
              appId={appId}
              onDone={(key) => (key === undefined ? onClose() : show({ apiKey: key }))}
              onClose={onClose}
            />
          )}
          {dialog?.kind === 'rotate' && <RotateForm apiKey={dialog.apiKey} onDone={show} onClose={onClose} />}
          {dialog?.kind === 'labels' && <LabelsForm onClose={onClose} />}
        </Suspense>
      </Modal>
      <Modal
        opened={created !== undefined}
        onClose={() => setCreated(undefined)}
        title={t('created.dialog')}
        {...closedByButton}
        size="lg"
      >
        {created && (
          <CreatedKey
            value={created.apiKey}
            {...('previousExpiredTime' in created && { previousUntil: created.previousExpiredTime })}
            onClose={() => setCreated(undefined)}
          />
        )}
      </Modal>
    </>
  );
}
