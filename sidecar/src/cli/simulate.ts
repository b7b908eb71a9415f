import { once } from 'node:events';
import { startWmsSimulator } from '../simulators/wms/index.js';

export interface SimulateOptions {
  port: number;
  /** Seconds; 0 ships only when told to. */
  shipAfter: number;
  parcels: '1' | '2';
}

/** Runs until Ctrl-C. @returns the exit code. */
export async function simulateWms({ port, shipAfter, parcels }: SimulateOptions): Promise<number> {
  const simulator = await startWmsSimulator({
    port,
    shipAfterMs: shipAfter === 0 ? null : shipAfter * 1000,
    parcels: parcels === '2' ? 2 : 1,
  });
  const { settings, credentials } = simulator;
  process.stdout.write(
    [
      `The simulated warehouse listens on ${simulator.url}. Connect it in the shop, under WooCommerce → Tallyman → Connections:`,
      `  Address of the API   ${settings.baseUrl}`,
      `  WMS code             ${settings.wmsCode}`,
      `  Customer code        ${settings.customerCode}`,
      `  User name            ${credentials.username}`,
      `  Password             ${credentials.password}`,
      'It forgets everything when it stops. Stop it with Ctrl-C.',
      '',
    ].join('\n'),
  );
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  await simulator.stop();
  return 0;
}
