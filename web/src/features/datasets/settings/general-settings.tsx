import { Button, FileButton, Group, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { notifyError } from '../../../ui/notify.ts';
import { Section } from '../../../ui/section.tsx';
import { Select } from '../../../ui/select.tsx';
import { useUnsavedGuard } from '../../data/unsaved.ts';
import { DatasetAvatar } from '../dataset-avatar.tsx';
import { type Dataset, modelsQuery } from '../queries.ts';
import { pictureText } from './picture.ts';
import { useSaveDataset } from './use-save-dataset.ts';

/** Name, introduction, picture, and the models that help with imports. */
export function GeneralSettings({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation(['datasets', 'common']);
  const save = useSaveDataset(dataset._id);
  const form = useForm({
    initialValues: {
      name: dataset.name,
      intro: dataset.intro,
      avatar: dataset.avatar,
      agentModel: dataset.agentModel.model,
      vlmModel: dataset.vlmModel?.model ?? null,
    },
    validate: { name: (name) => (name.trim() === '' ? t('common:error.required') : null) },
  });
  useUnsavedGuard(form.isDirty());
  const mayWrite = dataset.permission.hasWritePer;
  return (
    <form
      onSubmit={form.onSubmit((values) =>
        // Nothing chosen is a choice too, and absent would leave what was there.
        save.mutate(
          { ...values, vlmModel: values.vlmModel ?? '' },
          { onSuccess: () => form.resetDirty(values) },
        ),
      )}
    >
      <Section title={t('settings.general')}>
        <Picture
          type={dataset.type}
          value={form.values.avatar}
          disabled={!mayWrite}
          onChange={(avatar) => form.setFieldValue('avatar', avatar)}
        />
        <TextInput
          label={t('field.name')}
          maxLength={200}
          disabled={!mayWrite}
          {...form.getInputProps('name')}
        />
        <Textarea
          label={t('field.intro')}
          description={t('field.introAbout')}
          autosize
          minRows={2}
          maxRows={8}
          disabled={!mayWrite}
          {...form.getInputProps('intro')}
        />
        <Models form={form} current={dataset} disabled={!mayWrite} />
        {save.error && <ErrorAlert error={save.error} />}
        {mayWrite && (
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {t('common:action.save')}
            </Button>
          </Group>
        )}
      </Section>
    </form>
  );
}

interface PictureProps {
  type: string;
  value: string;
  disabled: boolean;
  onChange: (avatar: string) => void;
}

function Picture({ type, value, disabled, onChange }: PictureProps) {
  const { t } = useTranslation('datasets');
  const choose = async (file: File | null) => {
    if (!file) return;
    try {
      onChange(await pictureText(file));
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Group>
      <DatasetAvatar type={type} avatar={value} size={56} />
      <FileButton accept="image/png,image/jpeg,image/gif,image/webp" onChange={choose} disabled={disabled}>
        {(props) => (
          <Button size="xs" variant="default" disabled={disabled} {...props}>
            {t('settings.picture')}
          </Button>
        )}
      </FileButton>
      {value !== '' && !disabled && (
        <Button size="xs" variant="subtle" color="gray" onClick={() => onChange('')}>
          {t('settings.noPicture')}
        </Button>
      )}
    </Group>
  );
}

interface ModelsProps {
  form: { getInputProps: (name: 'agentModel' | 'vlmModel') => object };
  current: Dataset;
  disabled: boolean;
}

/** The models that are asked about what is imported. The embedding model is changed in its own section. */
function Models({ form, current, disabled }: ModelsProps) {
  const { t } = useTranslation('datasets');
  const models = useQuery(modelsQuery).data ?? [];
  const llms = models.filter((model) => model.type === 'llm');
  const choices = (list: typeof llms, chosen: { model: string; name: string } | undefined) => {
    const data = list.map(({ model, name }) => ({ value: model, label: name }));
    // A model that is gone is still shown as what it is.
    if (chosen && !data.some(({ value }) => value === chosen.model))
      data.unshift({ value: chosen.model, label: chosen.name });
    return data;
  };
  const vision = choices(
    llms.filter((model) => model.vision),
    current.vlmModel,
  );
  return (
    <>
      <Select
        label={t('settings.agentModel')}
        description={t('settings.agentModelAbout')}
        allowDeselect={false}
        disabled={disabled}
        data={choices(llms, current.agentModel)}
        {...form.getInputProps('agentModel')}
      />
      {vision.length > 0 ? (
        <Select
          label={t('settings.vlmModel')}
          description={t('settings.vlmModelAbout')}
          placeholder={t('settings.vlmDefault')}
          clearable
          disabled={disabled}
          data={vision}
          {...form.getInputProps('vlmModel')}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {t('settings.noVision')}
        </Text>
      )}
    </>
  );
}
