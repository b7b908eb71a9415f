import { __ } from '@wordpress/i18n';
import { Icon, cautionFilled } from '@wordpress/icons';
import type { AlertRow } from '../api/types';
import { Moment } from '../components/moment';
import { Section } from '../components/section';
import { PlaceLink } from '../navigation/use-place';

/** What a person should know now; nothing while all is well. */
export function Alerts({ alerts }: { alerts: readonly AlertRow[] }) {
  if (alerts.length === 0) return null;
  return (
    <Section title={__('Alerts', 'tallyman')}>
      <ul className="tallyman-alerts">
        {alerts.map((alert) => (
          <li key={alert.id}>
            <Icon icon={cautionFilled} size={24} />
            <div>
              <p>{alert.sentence}</p>
              <p className="tallyman-dim">
                <Moment at={alert.openedAt} /> <Where alert={alert} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Where({ alert: { connection, kind } }: { alert: AlertRow }) {
  if (connection === null) return null;
  if (kind === 'sla_breach') {
    return <PlaceLink to={{ tab: 'jobs', late: true }}>{__('Show late jobs', 'tallyman')}</PlaceLink>;
  }
  return <PlaceLink to={{ tab: 'connections', connection: connection.id }}>{connection.name}</PlaceLink>;
}
