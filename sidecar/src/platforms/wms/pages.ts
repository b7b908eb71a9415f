/** Lists come as bare arrays without a total: a page that is not full is the last. */
export const PAGE_SIZE = 100;

export function nextPage(rows: readonly unknown[], page: number): number | null {
  return rows.length < PAGE_SIZE ? null : page + 1;
}
