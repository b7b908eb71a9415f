import { useEffect, useRef } from '@wordpress/element';
import type { ReactNode } from 'react';
import { usePlace } from '../navigation/use-place';

/** The heading of a page within the screen: whoever follows a link here starts reading here. */
export function PageHeading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { moved } = usePlace();
  const follows = useRef(moved);
  useEffect(() => {
    if (follows.current) heading.current?.focus();
  }, []);
  return (
    <h2 className="tallyman-page-heading" id="tallyman-page-heading" ref={heading} tabIndex={-1}>
      {children}
    </h2>
  );
}

/** Where focus goes when what had it is gone. */
export function focusPageHeading(): void {
  document.getElementById('tallyman-page-heading')?.focus();
}
