import { Button } from '@wordpress/components';
import { useId, useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { Section } from '../components/section';
import { useSettings } from '../settings';
import { clockWords } from '../words/time';
import { barsOf, sumOf, totalsOf, type Hour } from './throughput-shape';

const WIDTH = 720;
const HEIGHT = 120;

export function Throughput({ hours }: { hours: readonly Hour[] }) {
  const [shown, setShown] = useState<'plot' | 'table'>('plot');
  const asTable = shown === 'table';
  const words = useTotalWords(hours);
  const quiet = totalsOf(hours).busiest === null;
  const other = asTable ? __('Show as plot', 'tallyman') : __('Show as table', 'tallyman');
  const toggle = (
    <Button variant="tertiary" onClick={() => setShown(asTable ? 'plot' : 'table')} __next40pxDefaultSize>
      {other}
    </Button>
  );
  return (
    <Section title={__('Last 24 hours', 'tallyman')} aside={!quiet && toggle}>
      <p>{words}</p>
      {quiet ? null : asTable ? <HoursTable hours={hours} /> : <HoursPlot hours={hours} label={words} />}
    </Section>
  );
}

function useTotalWords(hours: readonly Hour[]): string {
  const { locale } = useSettings();
  const { done, failed, busiest } = totalsOf(hours);
  if (busiest === null) return __('Nothing was sent or received in the last 24 hours.', 'tallyman');
  return sprintf(
    /* translators: 1: jobs done. 2: jobs failed. 3: time of day. 4: jobs in that hour. */
    __('%1$d jobs done, %2$d needed attention. Busiest hour from %3$s with %4$d.', 'tallyman'),
    done,
    failed,
    clockWords(busiest.startsAt, locale, 'hour'),
    sumOf(busiest),
  );
}

/** Done is plain, failed is hatched: the two are told apart without colour. */
function HoursPlot({ hours, label }: { hours: readonly Hour[]; label: string }) {
  const hatch = useId();
  const step = WIDTH / Math.max(1, hours.length);
  return (
    <figure className="tallyman-plot">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
        <defs>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" className="tallyman-plot__failed-ground" />
            <rect width="3" height="6" className="tallyman-plot__failed" />
          </pattern>
        </defs>
        <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} className="tallyman-plot__ground" />
        {barsOf(hours).map((bar, at) => (
          <g key={bar.startsAt} transform={`translate(${at * step + 2} 0)`}>
            <rect className="tallyman-plot__done" {...box(step, 0, bar.done)} />
            <rect fill={`url(#${hatch})`} className="tallyman-plot__edge" {...box(step, bar.done, bar.failed)} />
          </g>
        ))}
      </svg>
      <PlotFooter hours={hours} />
    </figure>
  );
}

function box(step: number, from: number, height: number) {
  const scale = HEIGHT - 4;
  return { width: step - 4, height: height * scale, y: HEIGHT - (from + height) * scale };
}

function PlotFooter({ hours }: { hours: readonly Hour[] }) {
  const { locale } = useSettings();
  const ends = [hours[0], hours[Math.floor(hours.length / 2)], hours.at(-1)];
  return (
    <figcaption>
      <div className="tallyman-plot__times" aria-hidden="true">
        {ends.map((hour, at) => (
          <span key={at}>{hour && clockWords(hour.startsAt, locale, 'hour')}</span>
        ))}
      </div>
      <div className="tallyman-plot__legend">
        <span className="is-done">{__('Done', 'tallyman')}</span>
        <span className="is-failed">{__('Needed attention', 'tallyman')}</span>
      </div>
    </figcaption>
  );
}

function HoursTable({ hours }: { hours: readonly Hour[] }) {
  const { locale } = useSettings();
  return (
    <div className="tallyman-scroll" tabIndex={0} role="region" aria-label={__('Last 24 hours', 'tallyman')}>
      <table className="widefat striped">
        <thead>
          <tr>
            <th scope="col">{__('Hour from', 'tallyman')}</th>
            <th scope="col">{__('Done', 'tallyman')}</th>
            <th scope="col">{__('Needed attention', 'tallyman')}</th>
          </tr>
        </thead>
        <tbody>
          {hours.map(({ startsAt, done, failed }) => (
            <tr key={startsAt}>
              <th scope="row">{clockWords(startsAt, locale, 'hour')}</th>
              <td>{done}</td>
              <td>{failed}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
