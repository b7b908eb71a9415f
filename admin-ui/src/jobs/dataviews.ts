import type { DataViewsProps } from '@wordpress/dataviews/wp';
import { lazy } from '@wordpress/element';
import { isRTL } from '@wordpress/i18n';
import type { ComponentType } from 'react';

/**
 * The table, loaded when a list is first opened: it is larger than all the rest of the screen.
 * Its sentences are its own; those of this screen stay in the entry, whose translations WordPress loads.
 */
export function dataViewsOf<Row>() {
  return lazy(async () => {
    const [library] = await Promise.all([
      import(/* webpackChunkName: "dataviews", webpackExports: ["DataViews"] */ '@wordpress/dataviews/wp'),
      isRTL()
        ? import(/* webpackChunkName: "dataviews-mirrored" */ './dataviews-rtl.scss')
        : import(/* webpackChunkName: "dataviews-plain" */ './dataviews-ltr.scss'),
    ]);
    return { default: library.DataViews as ComponentType<DataViewsProps<Row>> };
  });
}
