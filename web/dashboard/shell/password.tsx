import { Secret } from '@ui';
import type { ComponentProps } from 'react';
import { useText } from '../state/i18n.ts';

/** A field for a password, as long as the server takes one. */
export function PasswordInput(props: Omit<ComponentProps<typeof Secret>, 'showLabel'>) {
  const { t } = useText();
  return <Secret maxLength={256} required {...props} showLabel={t('password.show')} />;
}
