import { useMemo, useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { assertNever } from './assert-never';
import { RefreshProvider } from './api/refresh';
import { useFeatures } from './api/use-features';
import { Batches } from './batches/batches';
import { ErrorBoundary } from './components/error-boundary';
import { NowProvider } from './components/now';
import { RefreshControl } from './components/refresh-control';
import { Connections } from './connections/connections';
import { Deliveries } from './deliveries/deliveries';
import { Delivery } from './deliveries/delivery';
import { Failures } from './failures/failures';
import { Job } from './job/job';
import { Jobs } from './jobs/jobs';
import { TABS, type Place, type Tab } from './navigation/place';
import { NavigationProvider, PlaceLink, usePlace } from './navigation/use-place';
import { Overview } from './overview/overview';
import { Pairing } from './pairing/pairing';
import { PairingContext } from './pairing/use-pairing';
import { SettingsContext, type Settings } from './settings';

export function App({ settings: atStart, clock }: { settings: Settings; clock: () => number }) {
  const [settings, setSettings] = useState(atStart);
  const pairing = useMemo(
    () => ({
      onPaired: (now: Pick<Settings, 'sidecarUrl' | 'storeCode'>) =>
        setSettings((before) => ({ ...before, ...now, paired: true, isCopy: false })),
      onUnpaired: () => setSettings((before) => ({ ...before, paired: false, isCopy: false })),
    }),
    [],
  );
  return (
    <SettingsContext.Provider value={settings}>
      <PairingContext.Provider value={pairing}>
        <NowProvider clock={clock}>
          <RefreshProvider>
            <NavigationProvider>
              <ErrorBoundary>{settings.paired && !settings.isCopy ? <Screen /> : <Unpaired />}</ErrorBoundary>
            </NavigationProvider>
          </RefreshProvider>
        </NowProvider>
      </PairingContext.Provider>
    </SettingsContext.Provider>
  );
}

function Unpaired() {
  return (
    <div className="tallyman">
      <Title />
      <Pairing />
    </div>
  );
}

function Screen() {
  const { place } = usePlace();
  return (
    <div className="tallyman">
      <div className="tallyman-head">
        <Title />
        <RefreshControl />
      </div>
      <Tabs />
      {/* A screen that broke is tried anew when the reader goes elsewhere. */}
      <ErrorBoundary key={`${place.tab}/${place.job ?? place.delivery ?? ''}`}>
        <Body place={place} />
      </ErrorBoundary>
    </div>
  );
}

/** The page's h1 is WordPress's own, hidden, as notices are put below it; this is what is seen of it. */
function Title() {
  return (
    <div className="tallyman-title" aria-hidden="true">
      {__('Tallyman', 'tallyman')}
    </div>
  );
}

const LABELS = {
  overview: () => __('Overview', 'tallyman'),
  jobs: () => __('Jobs', 'tallyman'),
  failures: () => __('Failures', 'tallyman'),
  batches: () => __('Batches', 'tallyman'),
  deliveries: () => __('Deliveries', 'tallyman'),
  connections: () => __('Connections', 'tallyman'),
} satisfies Record<Tab, () => string>;

function Tabs() {
  const { place } = usePlace();
  const can = useFeatures();
  // An older sidecar may not know a tab yet; until it has said so, all are shown.
  const shown = TABS.filter((tab) => tab === 'overview' || can(tab) !== false);
  return (
    <nav className="nav-tab-wrapper tallyman-tabs" aria-label={__('Tallyman', 'tallyman')}>
      {shown.map((tab) => (
        <PlaceLink
          key={tab}
          to={{ tab }}
          className={place.tab === tab ? 'nav-tab nav-tab-active' : 'nav-tab'}
          aria-current={place.tab === tab ? 'page' : undefined}
        >
          {LABELS[tab]()}
        </PlaceLink>
      ))}
    </nav>
  );
}

function Body({ place: { tab, job, delivery } }: { place: Place }) {
  switch (tab) {
    case 'overview':
      return <Overview />;
    case 'jobs':
      return job === null ? <Jobs /> : <Job key={job} id={job} />;
    case 'failures':
      return <Failures />;
    case 'batches':
      return <Batches />;
    case 'deliveries':
      return delivery === null ? <Deliveries /> : <Delivery key={delivery} id={delivery} />;
    case 'connections':
      return <Connections />;
    default:
      return assertNever(tab);
  }
}
