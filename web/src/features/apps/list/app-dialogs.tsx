import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading } from '../../../ui/loading.tsx';
import { Modal } from '../../../ui/modal.tsx';
import type { AppItem } from '../queries.ts';

// The list is there before its forms.
const CreateForm = lazy(async () => ({ default: (await import('./create-form.tsx')).CreateForm }));
const FolderForm = lazy(async () => ({ default: (await import('./folder-form.tsx')).FolderForm }));
const ImportForm = lazy(async () => ({ default: (await import('./import-form.tsx')).ImportForm }));
const MoveForm = lazy(async () => ({ default: (await import('./move-form.tsx')).MoveForm }));
const RenameForm = lazy(async () => ({ default: (await import('./rename-form.tsx')).RenameForm }));

/** Which dialog is open, and of what. */
export type AppDialog =
  | { kind: 'create' | 'import' | 'folder' }
  | {
      kind: 'rename' | 'move';
      app: Pick<AppItem, '_id' | 'name' | 'intro' | 'type' | 'avatar' | 'parentId'>;
    };

interface DialogsProps {
  dialog: AppDialog | null;
  /** Where new things go; null = the root. */
  folder: string | null;
  onClose: () => void;
}

/** The dialogs of the list of apps, one at a time. */
export function AppDialogs({ dialog, folder, onClose }: DialogsProps) {
  const { t } = useTranslation('apps');
  return (
    <Modal
      opened={dialog !== null}
      onClose={onClose}
      title={dialog && t(`dialog.${dialog.kind}`, { name: 'app' in dialog ? dialog.app.name : '' })}
      size={dialog?.kind === 'import' ? 'lg' : 'md'}
    >
      <Suspense fallback={<Loading />}>
        {dialog?.kind === 'create' && <CreateForm folder={folder} onClose={onClose} />}
        {dialog?.kind === 'import' && <ImportForm folder={folder} onClose={onClose} />}
        {dialog?.kind === 'folder' && <FolderForm folder={folder} onClose={onClose} />}
        {dialog?.kind === 'rename' && <RenameForm app={dialog.app} onClose={onClose} />}
        {dialog?.kind === 'move' && <MoveForm app={dialog.app} onClose={onClose} />}
      </Suspense>
    </Modal>
  );
}
