import { __ } from '@wordpress/i18n';
import { createConnection } from '../api/client';
import type { ConnectionInput } from '../api/types';
import { PageHeading } from '../components/page-heading';
import { usePlace } from '../navigation/use-place';
import { ConnectionForm } from './connection-form';
import { BackToConnections } from './connection-page';

export function NewConnection({ onCreated }: { onCreated: () => void }) {
  const { go } = usePlace();
  const create = async (input: ConnectionInput) => {
    await createConnection(input);
    onCreated();
    go({ tab: 'connections' });
  };
  return (
    <>
      <BackToConnections />
      <PageHeading>{__('Connect a warehouse', 'tallyman')}</PageHeading>
      <div className="tallyman-section">
        <ConnectionForm connection={null} submitLabel={__('Connect', 'tallyman')} onSubmit={create} />
      </div>
    </>
  );
}
