import { AlertList } from '../alerts/list.tsx';
import { useCan } from '../state/desk.tsx';
import { KeyAges } from './keyages.tsx';
import { Overview } from './overview.tsx';

/** What is weak, what looks like abuse, and how old the keys are. */
export default function SecurityTab() {
  const alerts = useCan('security.read');
  const mayClose = useCan('workspace.write');
  const keys = useCan('audit.read');
  return (
    <>
      {alerts ? <Overview /> : null}
      {alerts ? <AlertList of="workspace" mayClose={mayClose} /> : null}
      {keys ? <KeyAges /> : null}
    </>
  );
}
