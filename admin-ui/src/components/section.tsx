import { useId } from '@wordpress/element';
import type { ReactNode } from 'react';

interface SectionProps {
  title: string;
  /** Stands beside the heading: a button, a link. */
  aside?: ReactNode;
  children: ReactNode;
}

export function Section({ title, aside, children }: SectionProps) {
  const id = useId();
  return (
    <section className="tallyman-section" aria-labelledby={id}>
      <div className="tallyman-section__head">
        <h3 id={id}>{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}
