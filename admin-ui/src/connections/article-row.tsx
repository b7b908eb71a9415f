import { Button } from '@wordpress/components';
import { speak } from '@wordpress/a11y';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import type { FormEvent } from 'react';
import { mapArticle } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import type { ArticleList } from '../api/types';
import { TextField, focusFirstWrong } from '../components/fields';
import { Problem } from '../components/trouble';
import { useSettings } from '../settings';

type Article = ArticleList['rows'][number];

interface ArticleRowProps {
  connectionId: string;
  row: Article;
  onMapped: () => void;
}

export function ArticleRow({ connectionId, row, onMapped }: ArticleRowProps) {
  const { canManage } = useSettings();
  return (
    <tr>
      <th scope="row">
        {row.name}
        <span className="tallyman-dim">{row.sku || __('without a code', 'tallyman')}</span>
      </th>
      <td data-label={__('Orders waiting', 'tallyman')}>{row.ordersWaiting}</td>
      <td data-label={__('Article at the warehouse', 'tallyman')}>
        {row.articleCode !== null && (
          <p>
            <strong>{row.articleCode}</strong> <span className="tallyman-dim">{row.origin}</span>
          </p>
        )}
        {row.articleCode === null && !canManage && __('not matched', 'tallyman')}
        {row.articleCode === null && canManage && <Match connectionId={connectionId} row={row} onMapped={onMapped} />}
      </td>
    </tr>
  );
}

/** A suggestion is one press; anything else is written. */
function Match({ connectionId, row, onMapped }: ArticleRowProps) {
  const [code, setCode] = useState('');
  const [state, setState] = useState<'open' | 'empty' | 'busy'>('open');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const map = async (articleCode: string) => {
    setState('busy');
    setTrouble(null);
    try {
      await mapArticle(connectionId, { productId: row.productId, variationId: row.variationId, articleCode });
      /* translators: 1: name of a product. 2: code of an article. */
      speak(sprintf(__('%1$s is matched to %2$s.', 'tallyman'), row.name, articleCode), 'polite');
      onMapped();
    } catch (thrown) {
      setTrouble(troubleFrom(thrown));
      setState('open');
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (state === 'busy') return;
    if (code.trim() !== '') return void map(code.trim());
    setState('empty');
    focusFirstWrong(event.currentTarget);
  };
  return (
    <form className="tallyman-match" onSubmit={submit} noValidate>
      {row.suggestions.map((suggestion) => (
        <Button
          key={suggestion.code}
          variant="secondary"
          onClick={() => void map(suggestion.code)}
          isBusy={state === 'busy'}
        >
          {suggestionWords(suggestion)}
        </Button>
      ))}
      <div className="tallyman-match__written">
        <TextField
          /* translators: %s: name of a product. */
          label={sprintf(__('Article code for %s', 'tallyman'), row.name)}
          value={code}
          onChange={setCode}
          error={state === 'empty' ? __('Write the code the warehouse uses.', 'tallyman') : null}
        />
        <Button variant="secondary" type="submit" isBusy={state === 'busy'} __next40pxDefaultSize>
          {__('Match', 'tallyman')}
        </Button>
      </div>
      {trouble && <Problem trouble={trouble} />}
    </form>
  );
}

function suggestionWords({ code, name, why }: Article['suggestions'][number]): string {
  /* translators: 1: code of an article. 2: its name. 3: why it is suggested, e.g. "same SKU". */
  return sprintf(__('Use %1$s, %2$s (%3$s)', 'tallyman'), code, name, why);
}
