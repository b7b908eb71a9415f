import type { ArticleList } from '../api/types';

/** Open ones before matched ones; those that hold most orders back before the others. */
export function openFirst(rows: ArticleList['rows']): ArticleList['rows'] {
  const openness = (row: ArticleList['rows'][number]) => (row.articleCode === null ? 1 : 0);
  return [...rows].sort(
    (a, b) => openness(b) - openness(a) || b.ordersWaiting - a.ordersWaiting || a.name.localeCompare(b.name),
  );
}
