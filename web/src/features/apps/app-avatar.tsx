import { Avatar } from '@mantine/core';

/** Pictures that an app may show: our own and those inside the page. Others are names of FastGPT's icons, or foreign. */
const isOwnPicture = (avatar: string) => /^(\/api\/|data:image\/(png|jpeg|gif|webp);)/.test(avatar);
/** The picture where it may be shown, else ''. */
export const ownPicture = (avatar: string): string => (isOwnPicture(avatar) ? avatar : '');

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
