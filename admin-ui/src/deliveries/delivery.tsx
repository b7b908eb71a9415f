import { Notice } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, isRTL } from '@wordpress/i18n';
import { Icon, chevronLeft, chevronRight } from '@wordpress/icons';
import { PATHS } from '../api/client';
import type { DeliveryDetail } from '../api/types';
import { useResource } from '../api/use-resource';
import { Empty } from '../components/empty';
import { Facts } from '../components/facts';
import { Loading } from '../components/loading';
import { Moment } from '../components/moment';
import { PageHeading, focusPageHeading } from '../components/page-heading';
import { Section } from '../components/section';
import { ResourceTrouble } from '../components/trouble';
import { PlaceLink, usePlace } from '../navigation/use-place';
import { sizeWords } from '../words/size';
import { Became } from './became';
import { OutcomeBadge, againWords, saysMore } from './fields';
import { Replay } from './replay';

/** One delivery as a page within Deliveries. */
export function Delivery({ id }: { id: string }) {
  const resource = useResource<DeliveryDetail>(PATHS.delivery(id));
  const { place } = usePlace();
  const { data, trouble } = resource;
  return (
    <>
      <p>
        <PlaceLink to={{ ...place, delivery: null }} className="tallyman-back">
          <Icon icon={isRTL() ? chevronRight : chevronLeft} size={20} />
          {__('Deliveries', 'tallyman')}
        </PlaceLink>
      </p>
      {trouble?.kind === 'not_found' ? <Gone /> : <ResourceTrouble resource={resource} />}
      {data === null && trouble === null && <Loading />}
      {data !== null && trouble?.kind !== 'not_found' && <Answer delivery={data} onChanged={resource.reload} />}
    </>
  );
}

function Gone() {
  return (
    <Empty icon={chevronLeft} title={__('This delivery is no longer kept', 'tallyman')}>
      <p>{__('Deliveries are kept for a limited time only.', 'tallyman')}</p>
    </Empty>
  );
}

function Answer({ delivery, onChanged }: { delivery: DeliveryDetail; onChanged: () => void }) {
  const [said, setSaid] = useState<string | null>(null);
  const done = (sentence: string) => {
    setSaid(sentence);
    onChanged();
    setTimeout(focusPageHeading, 0);
  };
  return (
    <>
      <div className="tallyman-job__head">
        <PageHeading>{delivery.topic}</PageHeading>
        <OutcomeBadge state={delivery.state} />
      </div>
      {saysMore(delivery) && <p className="tallyman-job__sentence">{delivery.sentence}</p>}
      {said !== null && (
        <Notice status="success" onRemove={() => setSaid(null)} spokenMessage="">
          {said}
        </Notice>
      )}
      {delivery.actions.includes('replay') && <Replay delivery={delivery} onDone={done} />}
      <DeliveryFacts delivery={delivery} />
      <Became delivery={delivery} />
      <Body delivery={delivery} />
    </>
  );
}

function DeliveryFacts({ delivery }: { delivery: DeliveryDetail }) {
  const { connection, receivedAt, duplicates, size, verified, key } = delivery;
  return (
    <Facts
      rows={[
        [
          __('Connection', 'tallyman'),
          <PlaceLink key="connection" to={{ tab: 'connections', connection: connection.id }}>
            {connection.name}
          </PlaceLink>,
        ],
        [__('Received', 'tallyman'), <Moment key="received" at={receivedAt} />],
        [__('Came again', 'tallyman'), againWords(duplicates)],
        [__('Size', 'tallyman'), size === null ? '–' : sizeWords(size)],
        [__('Verified', 'tallyman'), verified],
        [__('Known by', 'tallyman'), key],
      ]}
    />
  );
}

/** Closed, because few need it. */
function Body({ delivery: { body, bodyNote } }: { delivery: DeliveryDetail }) {
  return (
    <Section title={__('What was in it', 'tallyman')}>
      {bodyNote !== null && <p>{bodyNote}</p>}
      {body !== null && (
        <details className="tallyman-details">
          <summary>{__('Show it without what identifies a shopper', 'tallyman')}</summary>
          <pre className="tallyman-excerpt is-tall" tabIndex={0}>
            {body}
          </pre>
        </details>
      )}
    </Section>
  );
}
