import { Component } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import type { ReactNode } from 'react';

interface Props {
  children: ReactNode;
}

/** A chunk that is gone after an update, or a bug, leaves a sentence and not a white page. */
export class ErrorBoundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <div role="alert" className="notice notice-error inline">
        <p>{__('This part of the page could not be shown. Reload the page to get it again.', 'tallyman')}</p>
      </div>
    );
  }
}
