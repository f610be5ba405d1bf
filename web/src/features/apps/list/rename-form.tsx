import { Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { AvatarInput } from '../../../ui/avatar-input.tsx';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { ownPicture } from '../../../ui/own-picture.ts';
import { type AppItem, forgetApps } from '../queries.ts';

interface RenameProps {
  app: Pick<AppItem, '_id' | 'name' | 'intro' | 'type' | 'avatar'>;
  onClose: () => void;
}

/** Picture, name and description of an app, or the name of a folder. */
export function RenameForm({ app, onClose }: RenameProps) {
  const { t } = useTranslation(['apps', 'common']);
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: app.name, intro: app.intro, avatar: ownPicture(app.avatar) },
    validate: { name: (name) => (name.trim() === '' ? t('common:error.required') : null) },
  });
  const save = useMutation({
    mutationFn: ({ name, intro, avatar }: typeof form.values) =>
      api.updateApp({
        appId: app._id,
        name: name.trim(),
        intro: intro.trim(),
        // What cannot be shown here is kept, unless another picture takes its place.
        ...(avatar !== ownPicture(app.avatar) && { avatar }),
      }),
    onSuccess: async () => {
      onClose();
      await forgetApps(client);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        {app.type !== 'folder' && (
          <AvatarInput
            name={form.values.name}
            value={form.values.avatar}
            onChange={(avatar) => form.setFieldValue('avatar', avatar)}
          />
        )}
        <TextInput label={t('field.name')} maxLength={200} data-autofocus {...form.getInputProps('name')} />
        {app.type !== 'folder' && (
          <Textarea
            label={t('field.intro')}
            description={t('field.introHint')}
            autosize
            minRows={2}
            maxRows={8}
            maxLength={10_000}
            {...form.getInputProps('intro')}
          />
        )}
        {save.error && <ErrorAlert error={save.error} />}
        <FormButtons submit={t('common:action.save')} busy={save.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
}
