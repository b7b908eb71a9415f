/** Of throw-away installations, known to those who measure and those who are measured. */
export const WAREHOUSE = 'north';
export const WEBHOOK_SECRET = 'bench-webhook-secret';
export const SECRET_KEY = 'be'.repeat(32);
