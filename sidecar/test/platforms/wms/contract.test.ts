import { warehouseContract } from '../../contracts/platform/warehouse.js';
import { startWmsHarness } from './harness.js';

warehouseContract('WMS', startWmsHarness);
