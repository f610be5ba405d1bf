import { Anchor, Text } from '@mantine/core';
import { Link, type LinkProps } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import { type Right, useMay } from '../../../api/init.ts';
import { currentLocale } from '../../../i18n/index.ts';
import type { Entry } from './queries.ts';
import { type Addition, additionsOf, type Named, sentenceOf } from './sentence-of.ts';

type Thing = Entry['object'];

/** What an entry says, with links to what is still there. Names are put in as texts, whatever stands in them. */
export function AuditSentence({ entry }: { entry: Entry }) {
  const { t } = useTranslation('audit');
  const { key, count, from, to } = sentenceOf(entry);
  const { sourceMember, object, app } = entry;
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      <Trans
        t={t}
        i18nKey={`say.${key}`}
        {...(count !== undefined && { count })}
        components={{
          who: <Who entry={entry} own={object.id === sourceMember.tmbId} />,
          it: <ThingName thing={object} fallback={entry.event} />,
          app: app ? <ThingName thing={app} fallback={app.id} /> : <span />,
          from: <NamedText named={from} />,
          to: <NamedText named={to} />,
        }}
      />
    </Text>
  );
}

const Strong = ({ children }: { children: string }) => (
  <Text span inherit fw={600}>
    {children}
  </Text>
);

/** Whoever did it; parts of the server are said in words. */
function Who({ entry: { sourceMember, object }, own }: { entry: Entry; own: boolean }) {
  const { t } = useTranslation('audit');
  const { tmbId, name } = sourceMember;
  if (tmbId !== null) {
    const exists = sourceMember.status === 'active';
    return <ThingName thing={own ? object : { type: 'member', id: tmbId, name, exists }} fallback={name} />;
  }
  if (name === 'command line') return <Strong>{t('by.commandLine')}</Strong>;
  if (name === 'first start') return <Strong>{t('by.firstStart')}</Strong>;
  if (name === 'clean-up') return <Strong>{t('by.cleanUp')}</Strong>;
  return <Strong>{name || t('by.nobody')}</Strong>;
}

function NamedText({ named }: { named: Named | undefined }) {
  const { t } = useTranslation('common');
  if (!named) return null;
  return <Strong>{'role' in named ? t(`role.${named.role}`) : named.text}</Strong>;
}

/** A name, and the way to its thing where it is still there and the reader may go. */
function ThingName({ thing, fallback }: { thing: Thing; fallback: string }) {
  const may = useMay();
  const name = thing.name || fallback;
  const place = thing.exists ? placeOf(thing) : undefined;
  if (!place || (place.right && !may(place.right))) return <Strong>{name}</Strong>;
  return (
    <Anchor inherit fw={600} renderRoot={(props) => <Link {...place.link} {...props} />}>
      {name}
    </Anchor>
  );
}

interface Place {
  link: Pick<LinkProps, 'to' | 'params'>;
  right?: Right;
}

const settingsPlaces: Readonly<Record<string, Place>> = {
  key: { link: { to: '/api-keys' } },
  member: { link: { to: '/settings/members' }, right: 'member:manage' },
  team: { link: { to: '/settings/team' }, right: 'team:manage' },
  model: { link: { to: '/settings/models' }, right: 'installation:manage' },
  channel: { link: { to: '/settings/models' }, right: 'installation:manage' },
  origin: { link: { to: '/settings/models' }, right: 'installation:manage' },
  backup: { link: { to: '/settings/backups' }, right: 'installation:own' },
};

function placeOf({ type, id }: Thing): Place | undefined {
  if (type === 'app') return { link: { to: '/apps/$appId', params: { appId: id } } };
  if (type === 'dataset') return { link: { to: '/datasets/$datasetId', params: { datasetId: id } } };
  return settingsPlaces[type];
}

/** What else is known of an entry, in one line. */
export function useAdditions(entry: Entry): string {
  const { t } = useTranslation(['audit', 'common']);
  const join = new Intl.ListFormat(currentLocale(), { type: 'unit', style: 'short' });
  const say = (addition: Addition): string => {
    if (addition.kind === 'message') return addition.text;
    if (addition.kind === 'purpose') return t(`purpose.${addition.purpose}`, { model: addition.model });
    if (addition.kind === 'config') return t(`config.${addition.change}`, { names: addition.names });
    if (addition.kind === 'overlap')
      return addition.hours === 0 ? t('overlapNone') : t('overlap', { count: addition.hours });
    return t('changed', { what: join.format(addition.fields.map((field) => t(`field.${field}`))) });
  };
  return additionsOf(entry).map(say).join(' · ');
}
