import { __, isRTL } from '@wordpress/i18n';
import { Icon, chevronLeft, chevronRight } from '@wordpress/icons';
import { changeConnection } from '../api/client';
import type { ConnectionInput, ConnectionRow } from '../api/types';
import { Section } from '../components/section';
import { PlaceLink } from '../navigation/use-place';
import { useSettings } from '../settings';
import { Articles } from './articles';
import { ConnectionCard } from './connection-card';
import { ConnectionForm } from './connection-form';

export function ConnectionPage({ connection, onChanged }: { connection: ConnectionRow; onChanged: () => void }) {
  const { canManage } = useSettings();
  const save = async (input: ConnectionInput) => {
    await changeConnection(connection.id, input);
    onChanged();
  };
  return (
    <>
      <BackToConnections />
      <ConnectionCard connection={connection} onChanged={onChanged} titleAs="page heading" />
      {connection.platform === 'wms' && <Articles connectionId={connection.id} onMapped={onChanged} />}
      {canManage && connection.actions.includes('edit') && (
        <Section title={__('Settings', 'tallyman')}>
          <ConnectionForm connection={connection} submitLabel={__('Save', 'tallyman')} onSubmit={save} />
        </Section>
      )}
    </>
  );
}

export function BackToConnections() {
  return (
    <p>
      <PlaceLink to={{ tab: 'connections' }} className="tallyman-back">
        <Icon icon={isRTL() ? chevronRight : chevronLeft} size={20} />
        {__('Connections', 'tallyman')}
      </PlaceLink>
    </p>
  );
}
