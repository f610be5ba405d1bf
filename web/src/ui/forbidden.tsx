import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../api/me.ts';
import { EmptyState } from './empty-state.tsx';

/** In place of what the reader's role may not do: whose work it is, and a way on. */
export function Forbidden(props: {
  title: string;
  /** Who may; unless given, that the role does not allow to see this. */
  text?: string;
  /** The way on; unless given, the start. */
  children?: ReactNode;
}) {
  const { t } = useTranslation('common');
  const role = t(`role.${useMe().team.role}`);
  return (
    <EmptyState icon={IconLock} title={props.title} text={props.text ?? t('error.forbidden', { role })}>
      {props.children ?? (
        <Button variant="default" renderRoot={(root) => <Link to="/" {...root} />}>
          {t('error.home')}
        </Button>
      )}
    </EmptyState>
  );
}
