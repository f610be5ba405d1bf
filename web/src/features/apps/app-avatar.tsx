import { NameAvatar } from '../../ui/name-avatar.tsx';

/** The picture of an app, or the first letters of its name. */
export function AppAvatar({ name, avatar, size = 40 }: { name: string; avatar: string; size?: number }) {
  return (
    <NameAvatar
      aria-hidden
      avatar={avatar}
      name={name}
      color="initials"
      // Those whose letters can be read on their own tint.
      allowedInitialsColors={['lectern', 'violet', 'grape', 'indigo']}
      radius="md"
      size={size}
    />
  );
}
