/** How long things are kept, in milliseconds. */
export interface Retention {
  doneJobsMs: number;
  activityMs: number;
  deliveryBodyMs: number;
  dedupeKeyMs: number;
  recordBodyMs: number;
}
