import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import { createConsole, type Identity, makeToken } from '@carillon/console';
import { nodeListener } from '@carillon/console/node';
import { Carillon, type TaskMap } from 'carillon';
import { pino } from 'pino';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { ownPrefix, redisUrl } from './redis.js';
import { PROXY_PATH, rewritingProxy } from './rewriting-proxy.js';

/** The Chromium on the PATH. Without one, the tests of the page are skipped, and their names show it. */
export const CHROMIUM = pathOf('chromium') ?? pathOf('chromium-browser') ?? pathOf('google-chrome');

function pathOf(program: string): string | undefined {
  try {
    return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

const REPORT_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.error('CSP: ' + violatedDirective + ' ' + blockedURI))`;

/** A running cluster with its console, and a browser, for all tests of a file. */
export interface PageStage<T extends TaskMap<T>> {
  readonly carillon: Carillon<T>;
  /** The prefix of its keys. */
  readonly prefix: string;
  readonly url: string;
  readonly token: string;
  readonly browser: Browser;
  /** What pages reported: violations of the CSP, errors, and log entries of errors. */
  readonly reports: string[];
  /** A page that is logged in, at an address of the page such as `#/default/schedules`. */
  open(hash: string, options?: BrowserContextOptions & { readonly as?: Visitor }): Promise<Page>;
  close(): Promise<void>;
}

type Visitor = 'admin' | 'viewer' | 'limited';

interface PageSettings {
  /** Where the page is mounted; default: at the root. */
  readonly basePath?: string;
  /** Whether the browser reaches it through a proxy that rewrites the path. */
  readonly isProxied?: boolean;
  /** Default: the Redis of the run. */
  readonly redis?: string;
  readonly jobStores?: readonly string[];
  /** The identity of `limited`; default: a viewer. */
  readonly limited?: Identity;
}

const LIMITED: Identity = { actor: 'lim', role: 'viewer' };

export async function pageStage<T extends TaskMap<T>>(
  tasks: T,
  { basePath = '', isProxied = false, redis = redisUrl(), jobStores, limited = LIMITED }: PageSettings = {},
): Promise<PageStage<T>> {
  execFileSync(process.execPath, ['scripts/build-page.js']);
  const prefix = ownPrefix();
  const carillon = new Carillon<T>({
    redis,
    prefix,
    tasks,
    ...(jobStores && { jobStores }),
    logger: pino({ level: 'silent' }),
  });
  await carillon.start();
  const visitors = {
    admin: makeToken({ actor: 'ann', role: 'admin' }),
    viewer: makeToken({ actor: 'vic', role: 'viewer' }),
    limited: makeToken(limited),
  };
  const tokens = Object.values(visitors).map(({ record }) => record);
  const handler = createConsole({ scheduler: carillon, auth: { tokens }, basePath });
  const server = createServer(nodeListener(handler)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = isProxied ? rewritingProxy(originOf(server), basePath) : null;
  if (proxy) await once(proxy, 'listening');
  const url = proxy ? `${originOf(proxy)}${PROXY_PATH}/` : `${originOf(server)}${basePath}/`;
  const browser = await chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-dev-shm-usage'],
  });
  const reports: string[] = [];
  const contexts: BrowserContext[] = [];
  return {
    ...{ carillon, prefix, url, browser, reports },
    token: visitors.admin.token,
    async open(hash, { as = 'admin', ...options } = {}) {
      const context = await browser.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options });
      contexts.push(context);
      await context.addInitScript({ content: REPORT_VIOLATIONS });
      const page = Object.assign(await context.newPage(), { waitForFunction });
      page.on('console', (message) => message.type() === 'error' && reports.push(message.text()));
      page.on('pageerror', (error) => reports.push(String(error)));
      const logIn = await context.request.post(`${url}v1/session`, {
        data: { token: visitors[as].token },
        headers: { 'sec-fetch-site': 'same-origin' },
      });
      expect(logIn.status()).toBe(204);
      await page.goto(`${url}${hash}`);
      await page.locator('#main').waitFor();
      return page;
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()));
      await browser.close();
      handler.close();
      for (const each of proxy ? [proxy, server] : [server]) {
        each.closeAllConnections();
        await new Promise((resolve) => each.close(resolve));
      }
      await carillon.shutdown();
    },
  };
}

/** Fails always in place of sometimes: it passes only if its condition is true at once. */
function waitForFunction(): never {
  throw new Error('the CSP of the page refuses waitForFunction from its second look on: use eventually()');
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Expects that axe finds nothing, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(
      ({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join('\n')}`,
    );
    expect(found).toEqual([]);
  }
}
