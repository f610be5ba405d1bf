import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Me, useMe } from '../../../api/me.ts';
import { Select } from '../../../ui/select.tsx';

export type Role = Me['team']['role'];

const roles = ['owner', 'admin', 'editor', 'viewer'] as const satisfies readonly Role[];

interface RoleSelectProps {
  value: Role;
  onChange: (role: Role) => void;
  /** Seen with its explanation, or only heard. */
  label: string;
  visibleLabel?: boolean;
  disabled?: boolean;
}

/** A role, each with what it means; owners are made by owners only. */
export function RoleSelect({
  value,
  onChange,
  label,
  visibleLabel = false,
  disabled = false,
}: RoleSelectProps) {
  const { t } = useTranslation(['settings', 'common']);
  const me = useMe();
  const offered = roles.filter((role) => role !== 'owner' || me.team.role === 'owner' || value === 'owner');
  return (
    <Select
      {...(visibleLabel ? { label } : { 'aria-label': label })}
      data={offered.map((role) => ({ value: role, label: t(`common:role.${role}`) }))}
      value={value}
      onChange={(role) => role && onChange(role)}
      allowDeselect={false}
      disabled={disabled}
      comboboxProps={{ width: 320, position: 'bottom-start' }}
      renderOption={({ option }) => (
        <Stack gap={0}>
          <Text size="sm" fw={500}>
            {option.label}
          </Text>
          <Text size="xs" c="dimmed">
            {t(`members.role.${option.value as Role}`)}
          </Text>
        </Stack>
      )}
    />
  );
}
