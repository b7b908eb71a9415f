import { useState } from '@wordpress/element';
import { Button } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { PATHS } from '../api/client';
import { useResource } from '../api/use-resource';
import type { ArticleList } from '../api/types';
import { Loading } from '../components/loading';
import { Section } from '../components/section';
import { ResourceTrouble } from '../components/trouble';
import { ArticleRow } from './article-row';
import { openFirst } from './open-first';

/** Which article at the warehouse a product of the shop is. Open ones first, those that hold orders back before them. */
export function Articles({ connectionId, onMapped }: { connectionId: string; onMapped: () => void }) {
  const resource = useResource<ArticleList>(PATHS.articles(connectionId));
  const [shown, setShown] = useState<'open' | 'all'>('open');
  const rows = resource.data?.rows ?? [];
  const open = openFirst(rows).filter(({ articleCode }) => articleCode === null);
  const changed = () => {
    resource.reload();
    onMapped();
  };
  const listed = shown === 'open' ? open : openFirst(rows);
  return (
    <Section
      title={__('Products and articles', 'tallyman')}
      aside={rows.length > open.length && <Toggle shown={shown} onShow={setShown} />}
    >
      <ResourceTrouble resource={resource} />
      {resource.data === null && resource.trouble === null && <Loading />}
      {resource.data !== null && <p>{summaryOf(rows.length, open.length)}</p>}
      {listed.length > 0 && (
        <table className="tallyman-table">
          <thead>
            <tr>
              <th scope="col">{__('Product in the shop', 'tallyman')}</th>
              <th scope="col">{__('Orders waiting', 'tallyman')}</th>
              <th scope="col">{__('Article at the warehouse', 'tallyman')}</th>
            </tr>
          </thead>
          <tbody>
            {listed.map((row) => (
              <ArticleRow
                key={`${row.productId}/${row.variationId}`}
                connectionId={connectionId}
                row={row}
                onMapped={changed}
              />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Toggle({ shown, onShow }: { shown: 'open' | 'all'; onShow: (shown: 'open' | 'all') => void }) {
  return (
    <Button variant="tertiary" onClick={() => onShow(shown === 'open' ? 'all' : 'open')} __next40pxDefaultSize>
      {shown === 'open' ? __('Show matched products too', 'tallyman') : __('Show open products only', 'tallyman')}
    </Button>
  );
}

function summaryOf(all: number, open: number): string {
  if (all === 0) return __('Products appear here with the first order that contains them.', 'tallyman');
  if (open === 0) return __('Every product of your orders is matched to an article.', 'tallyman');
  return sprintf(
    /* translators: %d: number of products. */
    _n(
      '%d product is not matched to an article. Orders with it wait, and go by themselves once it is.',
      '%d products are not matched to an article. Orders with them wait, and go by themselves once they are.',
      open,
      'tallyman',
    ),
    open,
  );
}
