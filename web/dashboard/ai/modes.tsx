import type { Mode } from '@core/types.ts';
import { type IconName, Segmented } from '@ui';
import { useText } from '../state/i18n.ts';

const modes: Mode[] = ['off', 'draft', 'autopilot'];
const inks = { off: undefined, draft: 'soft', autopilot: 'strong' } as const;

/** Off, Draft or Autopilot; `off` says what off means here. */
export function ModeChoice({
  label,
  value,
  off,
  disabled,
  onChange,
}: {
  label: string;
  value: Mode;
  off?: string;
  disabled?: boolean;
  onChange: (mode: Mode) => void;
}) {
  const { t } = useText();
  return (
    <Segmented
      label={label}
      value={value}
      disabled={disabled ?? false}
      onChange={onChange}
      choices={modes.map((m) => {
        const ai = inks[m];
        return { value: m, label: m === 'off' && off ? off : t(`mode.${m}`), ...(ai ? { ai } : {}) };
      })}
    />
  );
}

/** The same, or whatever the workspace says. */
export function InheritedMode({
  label,
  value,
  disabled,
  onChange,
}: {
  label: string;
  value: '' | Mode;
  disabled?: boolean;
  onChange: (mode: '' | Mode) => void;
}) {
  const { t } = useText();
  return (
    <Segmented<'like' | Mode>
      label={label}
      value={value || 'like'}
      disabled={disabled ?? false}
      onChange={(v) => onChange(v === 'like' ? '' : v)}
      choices={[
        { value: 'like', label: t('agent.how.like') },
        ...modes.map((m) => {
          const ai = inks[m];
          return { value: m, label: t(`mode.${m}`), ...(ai ? { ai } : {}) };
        }),
      ]}
    />
  );
}

export const kindIcons: Record<string, IconName> = {
  widget: 'chat',
  instagram: 'camera',
  messenger: 'page',
  whatsapp: 'wa',
};
