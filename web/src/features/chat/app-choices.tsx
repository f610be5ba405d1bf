import { Combobox, Group, ScrollArea, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { cloneElement, type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NameAvatar } from '../../ui/name-avatar.tsx';
import { appsQuery, recentAppsQuery } from './queries.ts';

interface AppChoicesProps {
  /** The app that is talked to. */
  appId: string;
  /** The button beside which they stand. */
  target: ReactElement<{ onClick: () => void }>;
}

interface Choice {
  id: string;
  name: string;
  avatar: string;
}

/** The apps that one can talk to; those used lately come first. Open from the start. */
export default function AppChoices({ appId, target }: AppChoicesProps) {
  const { t } = useTranslation('chat');
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const [searchKey] = useDebouncedValue(search.trim(), 200);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const { openDropdown } = combobox;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for it was opened to come here
  useEffect(() => openDropdown(), []);
  const recent = useQuery(recentAppsQuery);
  const found = useQuery({ ...appsQuery(searchKey), enabled: combobox.dropdownOpened });
  const used: Choice[] = searchKey
    ? []
    : (recent.data ?? [])
        .slice(0, 6)
        .map(({ appId: id, name: n, avatar: a }) => ({ id, name: n, avatar: a }));
  const others = (found.data ?? [])
    .map(({ _id: id, name: n, avatar: a }): Choice => ({ id, name: n, avatar: a }))
    .filter(({ id }) => !used.some((one) => one.id === id));
  const choose = (id: string) => {
    combobox.closeDropdown();
    if (id !== appId) void navigate({ to: '/chat/$appId', params: { appId: id } });
  };
  const group = (label: string, choices: readonly Choice[]) =>
    choices.length > 0 && (
      <Combobox.Group label={label}>
        {choices.map((choice) => (
          <Combobox.Option key={choice.id} value={choice.id} active={choice.id === appId}>
            <Group gap="xs" wrap="nowrap">
              <NameAvatar avatar={choice.avatar} name={choice.name} size={24} radius="sm" />
              <Text size="sm" truncate>
                {choice.name}
              </Text>
            </Group>
          </Combobox.Option>
        ))}
      </Combobox.Group>
    );
  return (
    <Combobox store={combobox} onOptionSubmit={choose} width={300} position="bottom-start">
      <Combobox.Target withAriaAttributes={false}>
        {cloneElement(target, { onClick: () => combobox.toggleDropdown() })}
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={t('app.search')}
          aria-label={t('app.search')}
        />
        <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0 }}>
          <Combobox.Options aria-label={t('app.choose')}>
            {group(t('app.recent'), used)}
            {group(t('app.all'), others)}
            {found.data && used.length + others.length === 0 && (
              <Combobox.Empty>{t('app.none')}</Combobox.Empty>
            )}
          </Combobox.Options>
        </ScrollArea.Autosize>
      </Combobox.Dropdown>
    </Combobox>
  );
}
