import { __ } from '@wordpress/i18n';
import type { JobDetail } from '../api/types';
import { Section } from '../components/section';

/** What would be sent now, beside what the shop says. */
export function Corrections({ fields }: { fields: JobDetail['correctable'] }) {
  if (fields === null || fields.length === 0) return null;
  return (
    <Section title={__('What is sent', 'tallyman')}>
      <table className="tallyman-table">
        <thead>
          <tr>
            <th scope="col">{__('Field', 'tallyman')}</th>
            <th scope="col">{__('Sent', 'tallyman')}</th>
            <th scope="col">{__('In the shop', 'tallyman')}</th>
            <th scope="col">{__('Corrected by', 'tallyman')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, label, value, sourceValue, correctedBy }) => (
            <tr key={field} className={correctedBy ? 'is-corrected' : ''}>
              <th scope="row">{label}</th>
              <td data-label={__('Sent', 'tallyman')}>{value || '–'}</td>
              <td data-label={__('In the shop', 'tallyman')}>{sourceValue || '–'}</td>
              <td data-label={__('Corrected by', 'tallyman')}>{correctedBy ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
