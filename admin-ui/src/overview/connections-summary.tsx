import { __ } from '@wordpress/i18n';
import type { ConnectionRow } from '../api/types';
import { Section } from '../components/section';
import { ConnectionFacts, ConnectionState } from '../connections/connection-state';
import { PlaceLink } from '../navigation/use-place';

export function ConnectionsSummary({ connections }: { connections: readonly ConnectionRow[] }) {
  return (
    <Section title={__('Connections', 'tallyman')}>
      <ul className="tallyman-connections">
        {connections.map((connection) => (
          <li key={connection.id} className="tallyman-connection">
            <div className="tallyman-connection__head">
              <PlaceLink to={{ tab: 'connections', connection: connection.id }}>{connection.name}</PlaceLink>
              <ConnectionState connection={connection} />
            </div>
            <p>{connection.sentence}</p>
            <ConnectionFacts connection={connection} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
