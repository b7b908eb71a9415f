import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { PATHS } from '../api/client';
import { useResource } from '../api/use-resource';
import type { JobDetail } from '../api/types';
import { ReasonField, TextField } from '../components/fields';
import { Loading } from '../components/loading';
import { Problem } from '../components/trouble';
import { differenceOf, fieldsOf, type Change, type Correctable } from './difference';
import { JobForm, type OperationProps } from './job-form';
import { useReason } from './reason';

/** A correction is about one job: what is right for one address is wrong for the next. */
export function CorrectDialog(props: OperationProps) {
  const job = props.jobs[0];
  const { data, trouble } = useResource<JobDetail>(job ? PATHS.job(job.id) : null, 'once');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [asked, setAsked] = useState(false);
  const reason = useReason();
  const fields = data?.correctable ?? [];
  const changes = differenceOf(fields, typed);
  const answer = () => {
    setAsked(true);
    const said = reason.take();
    if (said === null || changes.length === 0) return null;
    return { action: 'correct', fields: fieldsOf(changes), reason: said } as const;
  };
  return (
    <JobForm {...props} move="correct" answer={answer}>
      {data === null && (trouble ? <Problem trouble={trouble} /> : <Loading />)}
      {data !== null && fields.length === 0 && (
        <p>{__('This job has nothing that can be corrected here.', 'tallyman')}</p>
      )}
      <div className="tallyman-correctable">
        {fields.map((field) => (
          <CorrectField
            key={field.field}
            field={field}
            value={typed[field.field] ?? field.value}
            onChange={(value) => setTyped((before) => ({ ...before, [field.field]: value }))}
          />
        ))}
      </div>
      <Difference changes={changes} missing={asked && changes.length === 0} />
      <p>
        {__(
          'The shop’s own data stays as it is. The correction holds until that field is changed in the shop.',
          'tallyman',
        )}
      </p>
      <ReasonField {...reason.field} />
    </JobForm>
  );
}

function CorrectField({
  field,
  value,
  onChange,
}: {
  field: Correctable;
  value: string;
  onChange: (value: string) => void;
}) {
  return <TextField label={field.label} value={value} onChange={onChange} help={originOf(field)} />;
}

function originOf({ value, sourceValue, correctedBy }: Correctable): string {
  if (value === sourceValue) return '';
  const inShop = sourceValue || __('nothing', 'tallyman');
  /* translators: %s: value of the field in the shop. */
  if (correctedBy === null) return sprintf(__('The shop says: %s', 'tallyman'), inShop);
  /* translators: 1: name of a person. 2: value of the field in the shop. */
  return sprintf(__('Corrected by %1$s. The shop says: %2$s', 'tallyman'), correctedBy, inShop);
}

/** The difference that will be sent, before it is. */
function Difference({ changes, missing }: { changes: readonly Change[]; missing: boolean }) {
  return (
    <div className="tallyman-difference" role="status">
      <h2>{__('What will be sent differently', 'tallyman')}</h2>
      {changes.length === 0 && (
        <p className={missing ? 'tallyman-field__error' : ''}>{__('Nothing yet. Change a field above.', 'tallyman')}</p>
      )}
      <dl>
        {changes.map(({ field, label, before, after }) => (
          <div key={field}>
            <dt>{label}</dt>
            <dd>
              <del>{before || __('(empty)', 'tallyman')}</del> <ins>{after || __('(empty)', 'tallyman')}</ins>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
