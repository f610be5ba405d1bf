import i18next from 'i18next';
import { ask } from '../../../ui/ask.ts';

/** Asks before people become owners, who can be changed by other owners only. */
export const mayOwn = (names: readonly string[]): Promise<boolean> =>
  ask({
    title: i18next.t(`settings:members.${names.length > 1 ? 'ownersAsk' : 'ownerAsk'}`, {
      name: names.join(', '),
    }),
    children: i18next.t('settings:members.ownerText'),
    labels: { confirm: i18next.t('settings:members.ownerConfirm'), cancel: i18next.t('action.cancel') },
  });
