/** One thing `tallyman doctor` has looked at. */
export interface Finding {
  ok: boolean;
  sentence: string;
}

export const good = (sentence: string): Finding => ({ ok: true, sentence });
export const bad = (sentence: string): Finding => ({ ok: false, sentence });
