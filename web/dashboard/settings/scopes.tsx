import type { TextKey } from '@core/i18n/translate.ts';
import { useText } from '../state/i18n.ts';

/** What somebody may do, one line each, to be ticked. */
export function Scopes({
  all,
  chosen,
  onChange,
}: {
  all: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  const named = usePermissionName();
  const { t } = useText();
  return (
    <fieldset className="grid w-full grid-cols-2 gap-x-4 gap-y-1.5 phone:grid-cols-1">
      <legend className="sr-only">{t('key.scopes')}</legend>
      {all.map((p) => (
        <label key={p} className="flex items-start gap-2 py-0.5 phone:py-1.5">
          <input
            type="checkbox"
            checked={chosen.includes(p)}
            onChange={(e) => onChange(e.target.checked ? [...chosen, p] : chosen.filter((x) => x !== p))}
            className="mt-0.5 size-4 flex-none accent-brand phone:size-5"
          />
          <span>{named(p)}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** A permission in words; one that is newer than this page by its name. */
export function usePermissionName(): (permission: string) => string {
  const { t } = useText();
  return (p) => {
    const text = t(`permission.${p.replace('.', '_')}` as TextKey);
    return text.startsWith('permission.') ? p : text;
  };
}
