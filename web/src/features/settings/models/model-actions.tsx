import { ActionIcon, Group } from '@mantine/core';
import { IconDots, IconPencil, IconPlugConnected, IconTrash } from '@tabler/icons-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { confirmDelete } from '../../../ui/confirm-delete.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { Drawer, Modal } from '../../../ui/modal.tsx';
import type { Model } from '../queries.ts';
import { useModelsChange } from './use-models-change.ts';

const ModelForm = lazy(async () => ({ default: (await import('./model-form.tsx')).ModelForm }));
const TestModel = lazy(async () => ({ default: (await import('./test-model.tsx')).TestModel }));

/** What can be done about a model. What the environment names can be tested, and taken over by a change. */
export function ModelActions({ model }: { model: Model }) {
  const { t } = useTranslation(['settings', 'common']);
  const [open, setOpen] = useState<'edit' | 'test'>();
  const remove = useModelsChange(() => api.deleteModel({ model: model.model }));
  const close = () => setOpen(undefined);
  return (
    <Group justify="flex-end">
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('models.actionsOf', { name: model.name })}>
            <IconDots size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPlugConnected size={16} aria-hidden />}
            onClick={() => setOpen('test')}
          >
            {t('test.run')}
          </Menu.Item>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setOpen('edit')}>
            {t('common:action.edit')}
          </Menu.Item>
          {model.source === 'store' && (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() =>
                confirmDelete({
                  name: model.name,
                  text: t('models.deleteText'),
                  onConfirm: () => remove.mutate(undefined),
                })
              }
            >
              {t('common:action.delete')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={open === 'test'} onClose={close} title={t('test.title', { name: model.name })} size="lg">
        <TestModel model={model.model} />
      </Modal>
      <Drawer
        opened={open === 'edit'}
        onClose={close}
        position="right"
        size="lg"
        title={t('models.edit', { name: model.name })}
      >
        <ModelForm item={model} onDone={close} />
      </Drawer>
    </Group>
  );
}
