import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { App } from '../../../src/renderer/app.tsx';
import type { Browser } from '../../../src/renderer/browser.ts';
import { examples } from '../../../src/renderer/gallery/views.ts';
import type { StationPort } from '../../../src/renderer/port.ts';
import type { Tone } from '../../../src/renderer/sounds.ts';
import { createPage } from '../../../src/renderer/store.ts';
import { listenForWedge } from '../../../src/renderer/wedge.ts';
import type { FrameFromStation, FrameToStation } from '../../../src/shared/frames.ts';
import type { IntentAct } from '../../../src/shared/intent.ts';
import type { Theme, View } from '../../../src/shared/view.ts';

/** A browser whose time stands until a test moves it. */
export class TestBrowser implements Browser {
  reloads = 0;
  theme: Theme | undefined;
  readonly #timers = new Set<{ dueMs: number; act: () => void }>();
  #nowMs = 0;

  after(delayMs: number, act: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(byMs: number): void {
    this.#nowMs += byMs;
    for (const timer of [...this.#timers].filter((waiting) => waiting.dueMs <= this.#nowMs)) {
      this.#timers.delete(timer);
      timer.act();
    }
  }

  chance(): number {
    return 1;
  }

  pageId(): string {
    return 'page';
  }

  openSocket(): WebSocket {
    throw new Error('impossible: this browser opens no socket');
  }

  reload(): void {
    this.reloads += 1;
  }

  recallTheme(): Theme | undefined {
    return this.theme;
  }

  keepTheme(theme: Theme): void {
    this.theme = theme;
  }
}

/** A station that shows what a test tells it to and remembers what it was sent. */
export class TestStation implements StationPort {
  readonly sent: FrameToStation[] = [];
  #tellFrame = (_frame: FrameFromStation): void => {};
  #tellLink = (_up: boolean): void => {};

  send(frame: FrameToStation): void {
    this.sent.push(frame);
  }

  onFrame(listener: (frame: FrameFromStation) => void): void {
    this.#tellFrame = listener;
  }

  onLink(listener: (up: boolean) => void): void {
    this.#tellLink = listener;
    listener(false);
  }

  /** Anything, as it may come from another version. */
  say(frame: unknown): void {
    act(() => this.#tellFrame(frame as FrameFromStation));
  }

  show(view: View): void {
    this.say({ v: 1, kind: 'view', view });
  }

  link(up: boolean): void {
    act(() => this.#tellLink(up));
  }

  /** What the person did, in order. */
  get acts(): IntentAct[] {
    return this.sent.flatMap((frame) => (frame.kind === 'intent' ? [frame.intent.act] : []));
  }
}

/** The whole page on a test station. */
export function openPage(browser = new TestBrowser()) {
  const station = new TestStation();
  const tones: Tone[] = [];
  const page = createPage(station, browser);
  const { container } = render(<App page={page} playTone={(tone) => tones.push(tone)} />);
  station.link(true);
  return {
    station,
    browser,
    tones,
    container,
    user: userEvent.setup(),
    /** As the real page does from its start; the answer ends it. */
    listenForWedge: () => listenForWedge(page, browser, window),
  };
}

/** An example of the gallery, in English. */
export function exampleView(name: string, changes: Partial<View> = {}): View {
  const view = examples.find((example) => example.name === name)?.view;
  if (view === undefined || typeof view === 'string') throw new Error(`no example view is named ${name}`);
  return { ...view, language: 'en', ...changes };
}

/** The page, showing one view. */
export function openAt(view: View) {
  const page = openPage();
  page.station.show(view);
  return page;
}

/** The one sentence of the screen, its spaces plain. */
export function sentence(): string {
  return plain(screen.getByRole('heading', { level: 1 }));
}

export function plain(element: Element): string {
  return (element.textContent ?? '').replaceAll('\u00a0', ' ');
}
