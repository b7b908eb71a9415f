import { PATHS } from './client';
import type { Capabilities } from './types';
import { useResource } from './use-resource';

type Feature = Capabilities['features'][number];

/** @returns whether the sidecar can do it; null until it has said so. It may be older than this screen. */
export function useFeatures(): (feature: Feature) => boolean | null {
  const features = useResource<Capabilities>(PATHS.capabilities, 'once').data?.features;
  return (feature) => (features === undefined ? null : features.includes(feature));
}
