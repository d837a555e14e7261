import { useQuery } from '@tanstack/react-query';
import { Dialog, Icon } from '@ui';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { rolesQuery } from './roles.ts';
import { usePermissionName } from './scopes.tsx';

/** What each role may do, as the server holds it. */
export default function RolesTable({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const named = usePermissionName();
  const query = useQuery(rolesQuery);
  const roles = query.data?.items ?? [];
  const rows = [...new Set(roles.flatMap((r) => r.permissions))];
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('member.roles')}
      text={t('member.roles_text')}
      closeLabel={t('app.close')}
      wide="table"
      reading
    >
      <Answered query={query}>
        <table className="w-full border-collapse">
          <thead>
            <tr className="border-b border-line text-meta text-ink-3">
              <th scope="col" className="py-1.5 pe-3 text-start weight-550">
                {t('key.scopes')}
              </th>
              {roles.map((r) => (
                <th key={r.role} scope="col" className="px-2 py-1.5 text-center weight-550">
                  {t(`role.${r.role}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((p) => (
              <tr key={p} className="border-b border-line last:border-0">
                <th scope="row" className="py-1.5 pe-3 text-start font-normal">
                  {named(p)}
                </th>
                {roles.map((r) => {
                  const may = r.permissions.includes(p);
                  return (
                    <td key={r.role} className="px-2 py-1.5 text-center">
                      {may ? <Icon name="check" className="mx-auto text-ok" /> : null}
                      <span className="sr-only">{t(may ? 'member.may' : 'member.may_not')}</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Answered>
    </Dialog>
  );
}
