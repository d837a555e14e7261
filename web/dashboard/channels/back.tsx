import { useNavigate } from '@tanstack/react-router';
import { IconButton } from '@ui';
import { useText } from '../state/i18n.ts';

export function Back() {
  const { t } = useText();
  const navigate = useNavigate();
  return (
    <IconButton
      icon="left"
      label={t('channel.back')}
      className="-ms-2 rtl:-scale-x-100"
      onClick={() => void navigate({ to: '/channels/{-$id}', params: { id: undefined } })}
    />
  );
}
