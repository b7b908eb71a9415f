import { test } from '../shop-test.ts';
import { shopContract } from './shop-contract.ts';

test.use({ shop: { store: 'standin', tallyman: 'absent', hooks: 'recorded' } });

shopContract();
