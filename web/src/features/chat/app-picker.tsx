import { Avatar, Button, Combobox, Group, ScrollArea, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ownPicture } from '../../ui/own-picture.ts';
import classes from './chat-page.module.css';
import { appsQuery, recentAppsQuery } from './queries.ts';

interface AppPickerProps {
  appId: string;
  name: string;
  avatar: string;
}

interface Choice {
  id: string;
  name: string;
  avatar: string;
}

/** Which app one talks to; those used lately come first. */
export function AppPicker({ appId, name, avatar }: AppPickerProps) {
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
              <Avatar
                src={ownPicture(choice.avatar) || null}
                name={choice.name}
                size={24}
                radius="sm"
                color="lectern"
                alt=""
              />
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
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          className={classes.picker}
          title={`${t('app.choose')}: ${name}`}
          leftSection={
            <Avatar
              src={ownPicture(avatar) || null}
              name={name}
              size={24}
              radius="sm"
              color="lectern"
              alt=""
              aria-hidden
            />
          }
          rightSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => combobox.toggleDropdown()}
        >
          <Text span fw={600} size="sm" c="bright" truncate>
            {name}
          </Text>
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={t('app.search')}
          aria-label={t('app.search')}
        />
        <Combobox.Options>
          <ScrollArea.Autosize mah={320}>
            {group(t('app.recent'), used)}
            {group(t('app.all'), others)}
            {found.data && used.length + others.length === 0 && (
              <Combobox.Empty>{t('app.none')}</Combobox.Empty>
            )}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
