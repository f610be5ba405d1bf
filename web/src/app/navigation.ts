import {
  IconApps,
  IconBook2,
  IconDatabase,
  IconKey,
  IconMessageCircle,
  IconProgressCheck,
  IconSettings,
} from '@tabler/icons-react';
import { type Me, mayEdit, maySeeSettings } from '../api/me.ts';

/** The places of the console, in the order of the navigation. What somebody may not open is not shown to them. */
export const places = [
  { to: '/chat', text: 'nav.chat', icon: IconMessageCircle, may: () => true },
  { to: '/apps', text: 'nav.apps', icon: IconApps, may: () => true },
  { to: '/datasets', text: 'nav.datasets', icon: IconDatabase, may: () => true },
  { to: '/jobs', text: 'nav.jobs', icon: IconProgressCheck, may: () => true },
  { to: '/api-keys', text: 'nav.keys', icon: IconKey, may: mayEdit },
  { to: '/api-docs', text: 'nav.docs', icon: IconBook2, may: () => true },
  { to: '/settings', text: 'nav.settings', icon: IconSettings, may: maySeeSettings },
] as const satisfies readonly { may: (me: Me) => boolean; [more: string]: unknown }[];
