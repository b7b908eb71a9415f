/** A person's word on one thing at one connection: nets, sweeps and events leave it alone until it is re-opened. */
export interface Settlement {
  orgId: string;
  connectionId: string;
  subject: string;
  kind: 'done_by_person' | 'not_to_be_sent';
  reason: string;
  by: string;
  at: number;
}

/** A person's correction of one field, valid until that field changes at its source. */
export interface Override {
  orgId: string;
  connectionId: string;
  subject: string;
  field: string;
  value: string;
  /** What the source said when it was corrected. */
  sourceValue: string;
  by: string;
  reason: string;
  at: number;
}
