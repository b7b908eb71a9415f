/** What was promised about each kind of job and how well it was kept. Pure. */
import { isJobKind, kindSpec, type JobKind } from './kinds.js';

/** Jobs of a kind that have ended in the last 24 h or are still to end, and those of them that missed their time. */
export interface SlaCount {
  kind: string;
  total: number;
  breached: number;
}

export interface SlaLine {
  kind: string;
  /** "Orders" */
  label: string;
  withinMs: number;
  total: number;
  late: number;
  /** Rounded down: 100 only when none was late. */
  percent: number;
  /** "Orders: 98 % within 2 min, 3 late." */
  sentence: string;
}

/** What a merchant calls what the kind moves. */
const NAMES: Partial<Record<JobKind, string>> = {
  'order.push': 'Orders',
  'order.status': 'States of orders',
  'shipment.apply': 'Parcels',
};

/** @returns a line for each kind that has a promise and had jobs. */
export function slaLines(counts: readonly SlaCount[]): SlaLine[] {
  return counts.filter(({ total }) => total > 0).flatMap(line);
}

function line({ kind, total, breached }: SlaCount): SlaLine[] {
  const { slaMs } = kindSpec(kind);
  if (!isJobKind(kind) || slaMs === null) return [];
  const label = NAMES[kind] ?? kind;
  const percent = Math.floor(((total - breached) / total) * 100);
  const late = breached === 0 ? '' : `, ${breached} late`;
  const sentence = `${label}: ${percent} % within ${slaMs / 60_000} min${late}.`;
  return [{ kind, label, withinMs: slaMs, total, late: breached, percent, sentence }];
}
