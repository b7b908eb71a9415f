/** The warehouse's article list: what is ordered there is a variant, by its article code. */
import { z } from 'zod';
import type { Article } from '../../domain/warehouse-order.js';
import type { WarehousePort } from '../platform.js';
import type { WmsClient } from './client.js';
import { PAGE_SIZE, nextPage } from './pages.js';

const variant = z.object({
  id: z.string(),
  article_code: z.string().min(1),
  name: z.string().nullish(),
  sku: z.string().nullish(),
  ean: z.string().nullish(),
});
const article = z.object({ name: z.string().nullish(), variants: z.array(variant).nullish() });

export function wmsArticles(client: WmsClient): Pick<WarehousePort, 'listArticles'> {
  return {
    async listArticles(page, call) {
      const request = {
        method: 'GET',
        path: 'wms/articles/',
        query: { limit: PAGE_SIZE, page },
        expand: 'variants',
        sort: 'read',
      } as const;
      const rows = await client.json(request, z.array(article), call);
      return { rows: rows.flatMap(variantsOf), next: nextPage(rows, page) };
    },
  };
}

function variantsOf({ name, variants }: z.infer<typeof article>): Article[] {
  return (variants ?? []).map(({ id, article_code, name: own, sku, ean }) => ({
    id,
    code: article_code,
    sku: sku ?? null,
    ean: ean ?? null,
    name: [name, own === name ? null : own].filter((part) => part != null && part !== '').join(' - '),
  }));
}
