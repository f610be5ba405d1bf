import { ActionIcon, Badge, Button, Code, Group, Paper, Stack, Text } from '@mantine/core';
import { IconEdit, IconPlus, IconTrash } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../../ui/section.tsx';
import type { AppVariable } from '../document/settings.ts';
import type { Draft } from './use-draft.ts';

const VariableDialog = lazy(async () => ({
  default: (await import('./variable-dialog.tsx')).VariableDialog,
}));

/** What the chat asks its user before the first question. */
export function VariableSection({ draft }: { draft: Draft }) {
  const { t } = useTranslation('apps');
  const { variables } = draft.settings;
  /** The place of the one that is open; the length of the list = a new one. */
  const [open, setOpen] = useState<number>();
  const store = (variable: AppVariable) => {
    const kept = variables.map((before, index) => (index === open ? variable : before));
    draft.change({ variables: open === variables.length ? [...kept, variable] : kept });
    setOpen(undefined);
  };
  return (
    <Section
      title={t('variable.title')}
      text={t('variable.text', { example: '{{city}}' })}
      actions={
        <Button
          variant="light"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setOpen(variables.length)}
        >
          {t('variable.add')}
        </Button>
      }
    >
      <Stack gap="xs">
        {variables.map((variable, index) => (
          <VariableRow
            key={variable.key}
            variable={variable}
            onEdit={() => setOpen(index)}
            onDelete={() => draft.change({ variables: variables.filter((other) => other !== variable) })}
          />
        ))}
      </Stack>
      <Suspense fallback={null}>
        {open !== undefined && (
          <VariableDialog
            variable={variables[open]}
            taken={variables.filter((_, index) => index !== open).map(({ key }) => key)}
            onStore={store}
            onClose={() => setOpen(undefined)}
          />
        )}
      </Suspense>
    </Section>
  );
}

function VariableRow(props: { variable: AppVariable; onEdit: () => void; onDelete: () => void }) {
  const { variable, onEdit, onDelete } = props;
  const { t } = useTranslation(['apps', 'common']);
  return (
    <Paper withBorder px="sm" py={6}>
      <Group wrap="nowrap" gap="xs">
        <Text size="sm" fw={550} truncate title={variable.label}>
          {variable.label}
        </Text>
        <Code>{variable.key}</Code>
        <Text size="xs" c="dimmed" flex={1} truncate>
          {t(`variable.type.${variable.type}`)}
        </Text>
        {variable.required && (
          <Badge variant="light" size="sm" tt="none">
            {t('common:error.required')}
          </Badge>
        )}
        {variable.type !== 'other' && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('variable.edit', { name: variable.label })}
            onClick={onEdit}
          >
            <IconEdit size={16} aria-hidden />
          </ActionIcon>
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('variable.remove', { name: variable.label })}
          onClick={onDelete}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
    </Paper>
  );
}
