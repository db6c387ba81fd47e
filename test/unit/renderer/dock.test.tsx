// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { Dock } from '../../../src/renderer/dock/dock.tsx';
import type { DockServer } from '../../../src/renderer/dock/library.ts';
import { violations } from './axe.ts';

afterEach(cleanup);

function openDock(changes: Partial<DockServer> = {}) {
  const done: unknown[] = [];
  const server: DockServer = {
    library: async () => ({
      patrons: [{ card: '2210001', pin: '1234', label: 'Aino Esimerkki' }],
      items: [
        { item: '4830001', title: 'Kalevala', label: 'on hold' },
        { item: '4830002', title: 'Babička' },
      ],
    }),
    scan: async (text) => void done.push(['scan', text]),
    turn: async (device, on) => void done.push([device, on]),
    ...changes,
  };
  render(<Dock server={server} />);
  return { done, user: userEvent.setup() };
}

test('cards and books are held under the scanner by pressing them', async () => {
  const { done, user } = openDock();
  await user.click(await screen.findByTestId('dock-card'));
  const [first] = screen.getAllByTestId('dock-book');
  if (first === undefined) throw new Error('no book is on the shelf');
  expect(first.textContent).toBe('Kalevala4830001on hold');
  await user.click(first);
  expect(done).toEqual([
    ['scan', '2210001'],
    ['scan', '4830001'],
  ]);
  expect(screen.getByTestId('dock-card').textContent).toContain('PIN 1234');
});

test('plugs are pulled and put back', async () => {
  const { done, user } = openDock();
  const plug = screen.getByRole('switch', { name: /Library system/ });
  await user.click(plug);
  expect(plug.getAttribute('aria-checked')).toBe('false');
  await user.click(plug);
  await user.click(screen.getByTestId('dock-switch-scanner'));
  expect(done).toEqual([
    ['acs', false],
    ['acs', true],
    ['scanner', false],
  ]);
});

test('what does not arrive is said, and a switch that did not turn stays', async () => {
  const failing = () => Promise.reject(new Error('the demo answered 500'));
  const { user } = openDock({ turn: failing });
  await user.click(screen.getByTestId('dock-switch-acs'));
  expect((await screen.findByRole('alert')).textContent).toBe('That did not arrive: the demo answered 500.');
  expect(screen.getByTestId('dock-switch-acs').getAttribute('aria-checked')).toBe('true');
});

test('has no violation that axe finds', async () => {
  document.documentElement.lang = 'en';
  document.title = 'Omatoimi: the dock';
  openDock();
  await screen.findByTestId('dock-card');
  document.querySelector('iframe')?.remove(); // it is a page of its own, tested as such
  expect(await violations()).toEqual([]);
});
