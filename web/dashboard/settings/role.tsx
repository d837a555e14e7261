import type { GivenRole } from '@core/types.ts';
import { Field, Select } from '@ui';
import { useText } from '../state/i18n.ts';

/** A role with a line about what it may do. */
export function RoleField({
  value,
  roles,
  onChange,
  error,
}: {
  value: GivenRole;
  roles: GivenRole[];
  onChange: (role: GivenRole) => void;
  error?: string;
}) {
  const { t } = useText();
  return (
    <Field label={t('member.role')} hint={t(`role_text.${value}`)} error={error}>
      <Select
        value={value}
        onChange={(e) => onChange(roles.find((r) => r === e.target.value) ?? value)}
        className="max-w-60"
      >
        {roles.map((r) => (
          <option key={r} value={r}>
            {t(`role.${r}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
