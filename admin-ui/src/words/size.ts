import { __, sprintf } from '@wordpress/i18n';

/** "812 bytes", "4.1 KB" */
export function sizeWords(bytes: number): string {
  if (bytes < 1024) {
    /* translators: %d: number of bytes. */
    return sprintf(__('%d bytes', 'tallyman'), bytes);
  }
  /* translators: %s: number of kilobytes with one decimal. */
  return sprintf(__('%s KB', 'tallyman'), (bytes / 1024).toFixed(1));
}
