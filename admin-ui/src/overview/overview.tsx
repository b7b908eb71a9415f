import { Icon, cautionFilled, check, scheduled } from '@wordpress/icons';
import { _n, sprintf } from '@wordpress/i18n';
import { PATHS } from '../api/client';
import { useResource } from '../api/use-resource';
import type { Overview as OverviewAnswer } from '../api/types';
import { Loading } from '../components/loading';
import { PageHeading } from '../components/page-heading';
import { Badge } from '../components/state-badge';
import { ResourceTrouble } from '../components/trouble';
import { PlaceLink } from '../navigation/use-place';
import { AlertMail } from './alert-mail';
import { Alerts } from './alerts';
import { Cards } from './cards';
import { Checklist } from './checklist';
import { ConnectionsSummary } from './connections-summary';
import { InTime } from './in-time';
import { Schedules } from './schedules';
import { Throughput } from './throughput';

const MOODS = { flowing: check, waiting: scheduled, attention: cautionFilled };

/** A sidecar that is older than the plugin does not speak of these. */
const UNSAID = { alerts: [], forecast: null, sla: [] } satisfies Partial<OverviewAnswer>;

/** Is it flowing, what is stuck, what do I press: in this order. */
export function Overview() {
  const resource = useResource<OverviewAnswer>(PATHS.overview);
  const overview = resource.data === null ? null : { ...UNSAID, ...resource.data };
  return (
    <>
      <ResourceTrouble resource={resource} />
      {overview === null && resource.trouble === null && <Loading />}
      {overview !== null && <Answer overview={overview} onChanged={resource.reload} />}
    </>
  );
}

function Answer({ overview, onChanged }: { overview: OverviewAnswer; onChanged: () => void }) {
  const warehouse = overview.connections.find(({ platform }) => platform === 'wms');
  return (
    <>
      <div className={`tallyman-sentence is-${overview.mood}`}>
        <Icon icon={MOODS[overview.mood]} size={36} />
        <PageHeading>{overview.sentence}</PageHeading>
      </div>
      <Alerts alerts={overview.alerts} />
      <Checklist steps={overview.checklist} warehouseId={warehouse?.id ?? null} />
      <Cards overview={overview} />
      <Late late={overview.late} />
      <InTime overview={overview} />
      <div className="tallyman-columns">
        <Throughput hours={overview.hours} />
        <ConnectionsSummary connections={overview.connections} />
      </div>
      <Schedules schedules={overview.schedules} onRan={onChanged} />
      <AlertMail />
    </>
  );
}

function Late({ late }: { late: number }) {
  if (late === 0) return null;
  return (
    <PlaceLink to={{ tab: 'jobs', late: true }} className="tallyman-late">
      <Badge tone="watch" icon={cautionFilled}>
        {sprintf(
          /* translators: %d: number of jobs. */ _n('%d job is late', '%d jobs are late', late, 'tallyman'),
          late,
        )}
      </Badge>
    </PlaceLink>
  );
}
