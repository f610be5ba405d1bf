import { ActionIcon, Box, Code, Collapse, Group, Text, ThemeIcon } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconApps,
  IconArchive,
  IconChevronDown,
  IconChevronUp,
  IconCpu,
  IconDatabase,
  IconHistory,
  IconKey,
  IconLock,
  IconLogin,
  IconLogout,
  IconShare,
  IconShieldX,
  IconUsers,
  IconUsersGroup,
  IconWebhook,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { currentLocale } from '../../../i18n/index.ts';
import { fullTime } from '../../../ui/time-ago.tsx';
import { type AuditKind, kindOf } from './audit-events.ts';
import { AuditSentence, useAdditions } from './audit-sentence.tsx';
import type { Entry } from './queries.ts';

const icons = {
  login: IconLogin,
  password: IconLock,
  key: IconKey,
  member: IconUsers,
  team: IconUsersGroup,
  dataset: IconDatabase,
  app: IconApps,
  model: IconCpu,
  share: IconShare,
  webhook: IconWebhook,
  backup: IconArchive,
} as const satisfies Record<AuditKind, unknown>;

function iconOf(event: string) {
  if (event === 'login.logout') return IconLogout;
  if (event === 'login.failed' || event === 'login.blocked') return IconShieldX;
  const kind = kindOf(event);
  return kind ? icons[kind] : IconHistory;
}

const colorOf = (event: string) =>
  event === 'login.blocked' ? 'red' : event === 'login.failed' ? 'orange' : 'gray';

/** One line of the log: what happened as a sentence, when and from where, and what was written down on demand. */
export function AuditEntry({ entry }: { entry: Entry }) {
  const { t } = useTranslation('audit');
  const [opened, { toggle }] = useDisclosure(false);
  const additions = useAdditions(entry);
  const Icon = iconOf(entry.event);
  const time = new Date(entry.timestamp);
  const clock = new Intl.DateTimeFormat(currentLocale(), { timeStyle: 'short' }).format(time);
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  return (
    <Box component="li" px="sm" py={10}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <ThemeIcon variant="light" size={32} radius="xl" color={colorOf(entry.event)} mt={2}>
          <Icon size={17} stroke={1.6} aria-hidden />
        </ThemeIcon>
        <Box flex={1} miw={0}>
          <AuditSentence entry={entry} />
          {additions && (
            <Text size="sm" c="dimmed" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
              {additions}
            </Text>
          )}
          <Text size="xs" c="dimmed" mt={2} style={{ overflowWrap: 'anywhere' }}>
            <time dateTime={time.toISOString()} title={fullTime(time)}>
              {clock}
            </time>
            {entry.address && ` · ${t('from', { address: entry.address })}`}
          </Text>
        </Box>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={40}
          aria-label={t('details')}
          title={t('details')}
          aria-expanded={opened}
          aria-controls={`raw-${entry._id}`}
          onClick={toggle}
        >
          <Chevron size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Group>
      <Collapse expanded={opened} id={`raw-${entry._id}`}>
        {opened && (
          <Code block mt="xs" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {rawOf(entry)}
          </Code>
        )}
      </Collapse>
    </Box>
  );
}

const rawOf = ({ _id, event, timestamp, sourceMember, objectType, objectId, metadata, address }: Entry) =>
  JSON.stringify(
    { id: _id, event, timestamp, member: sourceMember.tmbId, objectType, objectId, metadata, address },
    null,
    2,
  );
