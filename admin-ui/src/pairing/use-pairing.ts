import { createContext, useContext } from '@wordpress/element';

interface PairingChanges {
  onPaired: (now: { sidecarUrl: string; storeCode: string }) => void;
  onUnpaired: () => void;
}

export const PairingContext = createContext<PairingChanges | null>(null);

export function usePairing(): PairingChanges {
  const changes = useContext(PairingContext);
  if (changes === null) throw new Error('usePairing needs the screen above it.');
  return changes;
}
