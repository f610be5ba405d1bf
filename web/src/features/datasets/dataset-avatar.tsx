import { Avatar, ThemeIcon } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ownPicture } from '../../ui/own-picture.ts';
import { kindOf } from './dataset-kind.ts';

/** The picture of a dataset, or the sign of its kind. */
export function DatasetAvatar({ type, avatar, size = 34 }: { type: string; avatar: string; size?: number }) {
  const { t } = useTranslation('datasets');
  const { icon: Icon, text } = kindOf(type);
  if (ownPicture(avatar)) return <Avatar src={avatar} alt={t(text)} radius="md" size={size} />;
  return (
    <ThemeIcon variant="light" color={type === 'folder' ? 'gray' : 'lectern'} size={size}>
      <Icon size={size * 0.53} stroke={1.6} aria-label={t(text)} />
    </ThemeIcon>
  );
}
