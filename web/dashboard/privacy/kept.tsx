import { Holds } from './holds.tsx';
import { Terms } from './terms.tsx';

/** When things end by themselves, and who is kept from that. */
export default function Kept() {
  return (
    <>
      <Terms />
      <Holds />
    </>
  );
}
