import { test } from '../shop-test.ts';
import { shopContract } from './shop-contract.ts';

test.use({ shop: { store: 'real', tallyman: 'absent', hooks: 'recorded' } });

shopContract();
