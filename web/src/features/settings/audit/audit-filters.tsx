import { SimpleGrid, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditSearch } from '../../../routes/settings.ts';
import { Select } from '../../../ui/select.tsx';
import { membersQuery } from '../queries.ts';
import { type AuditKind, auditKinds } from './audit-events.ts';
import { daysBefore } from './days.ts';
import type { Entry } from './queries.ts';

/** Narrows the log: by person, kind and time. What is chosen stands in the address. */
export function AuditFilters({ people }: { people: Entry['sourceMember'][] }) {
  const search = useSearch({ from: '/shell/settings/audit' });
  const navigate = useNavigate({ from: '/settings/audit' });
  const set = (change: AuditSearch) =>
    navigate({
      search: ({ page: _page, ...before }) =>
        Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)),
    });
  return (
    <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="sm" verticalSpacing="sm">
      <PersonFilter value={search.member} people={people} onChange={(member) => set({ member })} />
      <KindFilter value={search.event} onChange={(event) => set({ event })} />
      <TimeFilter value={search} onChange={set} />
    </SimpleGrid>
  );
}

interface PersonProps {
  value: string | undefined;
  /** Who did what is shown: one who is chosen may not be among those found by name. */
  people: Entry['sourceMember'][];
  onChange: (member: string) => void;
}

function PersonFilter({ value, people, onChange }: PersonProps) {
  const { t } = useTranslation('audit');
  const [text, setText] = useState('');
  const [searchKey] = useDebouncedValue(text.trim(), 250);
  const members = useOptions('active', searchKey);
  const former = useOptions('inactive', searchKey);
  const chosen = people.find(({ tmbId }) => tmbId === value);
  const found = [...members, ...former].some((option) => option.value === value);
  // The text in the field is the name of who is chosen: only what is typed looks for somebody.
  const typed = (next: string) => setText(next === chosen?.name ? '' : next);
  return (
    <Select
      label={t('filter.person')}
      placeholder={t('filter.everybody')}
      data={[
        ...(value && chosen && !found ? [{ value, label: chosen.name }] : []),
        { group: t('filter.members'), items: members },
        ...(former.length > 0 ? [{ group: t('filter.former'), items: former }] : []),
      ]}
      value={value ?? null}
      onChange={(member) => onChange(member ?? '')}
      onSearchChange={typed}
      searchable
      clearable
    />
  );
}

function useOptions(status: 'active' | 'inactive', searchKey: string) {
  const { data } = useQuery({
    ...membersQuery({ status, searchKey, pageNum: 1 }),
    placeholderData: keepPreviousData,
  });
  return (data?.list ?? []).map(({ tmbId, memberName }) => ({ value: tmbId, label: memberName }));
}

interface KindProps {
  value: string | undefined;
  onChange: (event: string) => void;
}

function KindFilter({ value, onChange }: KindProps) {
  const { t } = useTranslation('audit');
  const groups = (Object.keys(auditKinds) as AuditKind[]).map((kind) => {
    const events = auditKinds[kind];
    const all = { value: kind, label: t('allOf', { kind: t(`kinds.${kind}`) }) };
    const items = events.map((event) => ({ value: event as string, label: t(`events.${event}`) }));
    return { group: t(`kinds.${kind}`), items: items.length > 1 ? [all, ...items] : items };
  });
  return (
    <Select
      label={t('filter.event')}
      placeholder={t('filter.everything')}
      data={groups}
      value={value ?? null}
      onChange={(event) => onChange(event ?? '')}
      searchable
      clearable
    />
  );
}

const spans = { today: 0, week: 6, month: 29 } as const;
type Span = keyof typeof spans;
const spanNames = Object.keys(spans) as Span[];

interface TimeProps {
  value: Pick<AuditSearch, 'from' | 'to'>;
  onChange: (change: Pick<AuditSearch, 'from' | 'to'>) => void;
}

function TimeFilter({ value: { from = '', to = '' }, onChange }: TimeProps) {
  const { t } = useTranslation('audit');
  const [own, setOwn] = useState(false);
  const span = to === '' ? spanNames.find((name) => daysBefore(spans[name]) === from) : undefined;
  const choice = own ? 'own' : (span ?? (from || to ? 'own' : null));
  const choose = (next: string | null) => {
    setOwn(next === 'own');
    if (next === null) onChange({ from: '', to: '' });
    else if (next !== 'own') onChange({ from: daysBefore(spans[next as Span]), to: '' });
  };
  return (
    <>
      <Select
        label={t('filter.time')}
        placeholder={t('times.any')}
        data={[...spanNames, 'own' as const].map((name) => ({ value: name, label: t(`times.${name}`) }))}
        value={choice}
        onChange={choose}
        clearable
      />
      {choice === 'own' && (
        <>
          <TextInput
            type="date"
            label={t('filter.from')}
            value={from}
            max={to}
            onChange={({ currentTarget }) => onChange({ from: currentTarget.value, to })}
          />
          <TextInput
            type="date"
            label={t('filter.to')}
            value={to}
            min={from}
            onChange={({ currentTarget }) => onChange({ from, to: currentTarget.value })}
          />
        </>
      )}
    </>
  );
}
