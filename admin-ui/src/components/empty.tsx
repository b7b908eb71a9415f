import { Icon } from '@wordpress/icons';
import type { JSX, ReactNode } from 'react';

interface EmptyProps {
  icon: JSX.Element;
  title: string;
  children?: ReactNode;
}

export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div className="tallyman-empty">
      <Icon icon={icon} size={48} />
      <p className="tallyman-empty__title">{title}</p>
      {children}
    </div>
  );
}
