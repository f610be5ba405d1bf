import { Avatar, type AvatarProps } from '@mantine/core';
import { initialsOf } from './initials.ts';
import { ownPicture } from './own-picture.ts';

interface NameAvatarProps extends Omit<AvatarProps, 'src' | 'children'> {
  name: string;
  /** The address of the picture; what is not on this server is not loaded. */
  avatar: string;
}

/** The picture of a person, team or app, or the first letters of its name. */
export function NameAvatar({ name, avatar, ...props }: NameAvatarProps) {
  return (
    <Avatar color="lectern" alt="" name={name} src={ownPicture(avatar) || null} {...props}>
      {initialsOf(name)}
    </Avatar>
  );
}
