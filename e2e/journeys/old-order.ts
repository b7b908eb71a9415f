import { ADDRESS } from '../stack/shopper.ts';
import type { Stack } from '../stack/stack.ts';

/** A paid order that the shop took a week ago, as a shop that imports its old orders would have it. */
export function orderOfLastWeek(stack: Stack): Promise<number> {
  return stack.php<number>(
    `
    $order = wc_create_order();
    $order->set_date_created( time() - WEEK_IN_SECONDS );
    $order->add_product( wc_get_product( $args['product'] ), 1 );
    $order->set_address( $args['address'] + array( 'email' => 'sanne@example.test' ), 'billing' );
    $order->set_address( $args['address'], 'shipping' );
    $order->calculate_totals();
    $order->payment_complete();
    return $order->get_id();
    `,
    { product: stack.catalogue.products.oakChair, address: ADDRESS },
  );
}
