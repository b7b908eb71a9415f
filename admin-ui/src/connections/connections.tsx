import { __, sprintf } from '@wordpress/i18n';
import { plus } from '@wordpress/icons';
import { PATHS } from '../api/client';
import { useResource } from '../api/use-resource';
import type { ConnectionRow, Overview } from '../api/types';
import { Empty } from '../components/empty';
import { Loading } from '../components/loading';
import { PageHeading } from '../components/page-heading';
import { ResourceTrouble } from '../components/trouble';
import { PlaceLink, usePlace } from '../navigation/use-place';
import { useSettings } from '../settings';
import { ConnectionCard } from './connection-card';
import { ConnectionPage } from './connection-page';
import { NewConnection } from './new-connection';
import { StorePairing } from './store-pairing';

export function Connections() {
  const resource = useResource<Overview>(PATHS.overview);
  const { place } = usePlace();
  const connections = resource.data?.connections ?? null;
  if (place.connection === 'new') return <NewConnection onCreated={resource.reload} />;
  return (
    <>
      <ResourceTrouble resource={resource} />
      {connections === null && resource.trouble === null && <Loading />}
      {connections !== null && place.connection === null && (
        <List connections={connections} onChanged={resource.reload} />
      )}
      {connections !== null && place.connection !== null && (
        <One
          connection={connections.find(({ id }) => id === place.connection)}
          state={resource.loading ? 'asking' : 'answered'}
          onChanged={resource.reload}
        />
      )}
    </>
  );
}

function List({ connections, onChanged }: { connections: readonly ConnectionRow[]; onChanged: () => void }) {
  const { canManage } = useSettings();
  const hasWarehouse = connections.some(({ platform }) => platform === 'wms');
  return (
    <>
      <div className="tallyman-job__head">
        <PageHeading>{__('Connections', 'tallyman')}</PageHeading>
        {canManage && (
          <PlaceLink
            to={{ tab: 'connections', connection: 'new' }}
            className="components-button is-secondary is-next-40px-default-size"
          >
            {__('Connect a warehouse', 'tallyman')}
          </PlaceLink>
        )}
      </div>
      {!hasWarehouse && (
        <Empty icon={plus} title={__('No warehouse yet', 'tallyman')}>
          <p>{__('Orders are collected, and go out as soon as a warehouse is connected.', 'tallyman')}</p>
        </Empty>
      )}
      <ul className="tallyman-connections is-wide">
        {connections.map((connection) => (
          <li key={connection.id}>
            <ConnectionCard connection={connection} onChanged={onChanged} titleAs="link" />
          </li>
        ))}
      </ul>
      <StorePairing />
    </>
  );
}

interface OneProps {
  connection: ConnectionRow | undefined;
  state: 'asking' | 'answered';
  onChanged: () => void;
}

function One({ connection, state, onChanged }: OneProps) {
  const { place } = usePlace();
  if (connection) return <ConnectionPage key={connection.id} connection={connection} onChanged={onChanged} />;
  // One that was added a moment ago comes with the next answer.
  if (state === 'asking') return <Loading />;
  return (
    <Empty
      icon={plus}
      /* translators: %s: id of a connection. */
      title={sprintf(__('There is no connection %s', 'tallyman'), place.connection ?? '')}
    >
      <PlaceLink to={{ tab: 'connections' }}>{__('All connections', 'tallyman')}</PlaceLink>
    </Empty>
  );
}
