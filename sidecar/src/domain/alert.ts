/** Something a person should know now. Open from the moment it was seen until it is over; said once at each end. */
export const ALERT_KINDS = [
  'queue_depth',
  'oldest_waiting',
  'sla_breach',
  'breaker_open',
  'connection_paused',
  'schedule_late',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export interface Alert {
  /** Of one opening; a trouble that comes back is another alert. */
  id: string;
  orgId: string;
  connectionId: string | null;
  kind: AlertKind;
  /** What it is about: `breaker_open:wms-1`. At most one alert of a key is open. */
  key: string;
  /** "Warehouse North does not answer since 14:02. 12 orders wait." */
  sentence: string;
  openedAt: number;
  clearedAt: number | null;
}
