import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AppItem } from '../queries.ts';
import { CreateForm } from './create-form.tsx';
import { FolderForm } from './folder-form.tsx';
import { ImportForm } from './import-form.tsx';
import { MoveForm } from './move-form.tsx';
import { RenameForm } from './rename-form.tsx';

/** Which dialog is open, and of what. */
export type AppDialog =
  | { kind: 'create' | 'import' | 'folder' }
  | { kind: 'rename' | 'move'; app: Pick<AppItem, '_id' | 'name' | 'intro' | 'type' | 'parentId'> };

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
      {dialog?.kind === 'create' && <CreateForm folder={folder} onClose={onClose} />}
      {dialog?.kind === 'import' && <ImportForm folder={folder} onClose={onClose} />}
      {dialog?.kind === 'folder' && <FolderForm folder={folder} onClose={onClose} />}
      {dialog?.kind === 'rename' && <RenameForm app={dialog.app} onClose={onClose} />}
      {dialog?.kind === 'move' && <MoveForm app={dialog.app} onClose={onClose} />}
    </Modal>
  );
}
