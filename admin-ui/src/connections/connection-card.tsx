import type { ConnectionRow } from '../api/types';
import { PageHeading } from '../components/page-heading';
import { PlaceLink } from '../navigation/use-place';
import { ConnectionActions } from './connection-actions';
import { ConnectionFacts, ConnectionState } from './connection-state';

interface ConnectionCardProps {
  connection: ConnectionRow;
  onChanged: () => void;
  titleAs: 'link' | 'page heading';
}

export function ConnectionCard({ connection, onChanged, titleAs }: ConnectionCardProps) {
  return (
    <div className="tallyman-connection">
      <div className="tallyman-connection__head">
        {titleAs === 'page heading' ? (
          <PageHeading>{connection.name}</PageHeading>
        ) : (
          <h3>
            <PlaceLink to={{ tab: 'connections', connection: connection.id }}>{connection.name}</PlaceLink>
          </h3>
        )}
        <ConnectionState connection={connection} />
      </div>
      <p>{connection.sentence}</p>
      <ConnectionFacts connection={connection} />
      <ConnectionActions connection={connection} onChanged={onChanged} />
    </div>
  );
}
