import { Avatar } from '@mantine/core';
import { ownPicture } from '../../ui/own-picture.ts';

/** The picture of an app, or the first letters of its name. */
export function AppAvatar({ name, avatar, size = 40 }: { name: string; avatar: string; size?: number }) {
  return (
    <Avatar
      aria-hidden
      src={ownPicture(avatar) || null}
      name={name}
      color="initials"
      // Those whose letters can be read on their own tint.
      allowedInitialsColors={['lectern', 'violet', 'grape', 'indigo']}
      radius="md"
      size={size}
    />
  );
}
