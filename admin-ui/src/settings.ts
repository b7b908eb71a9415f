import { createContext, useContext } from '@wordpress/element';

/** What the plugin prints beside the screen. It says who looks and where the sidecar is, never how the queue is. */
export interface Settings {
  restUrl: string;
  nonce: string;
  canView: boolean;
  canManage: boolean;
  paired: boolean;
  sidecarUrl: string;
  storeCode: string;
  siteName: string;
  suggestedStoreCode: string;
  /** The site answers under another address than the one that was paired. */
  isCopy: boolean;
  pluginVersion: string;
  /** Address of an order with `%d` for its id. */
  orderEditUrl: string;
  /** As WordPress writes it: "de_DE". */
  locale: string;
}

declare global {
  interface Window {
    tallymanSettings?: Settings;
  }
}

export const SettingsContext = createContext<Settings | null>(null);

export function useSettings(): Settings {
  const settings = useContext(SettingsContext);
  if (settings === null) throw new Error('The screen was drawn without its settings.');
  return settings;
}

export function orderAddress(settings: Settings, orderId: number): string {
  return settings.orderEditUrl.replace('%d', String(orderId));
}
