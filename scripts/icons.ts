/** Draws the program’s icon in the sizes that systems ask for: `node scripts/icons.ts`. Needs a Chromium. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openChromium } from '../test/support/chromium.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const target = join(root, 'assets', 'icons');
const sizes = [16, 32, 48, 64, 128, 256, 512] as const;

const drawing = readFileSync(join(root, 'src', 'renderer', 'icon.svg'), 'utf8');
mkdirSync(target, { recursive: true });
const browser = await openChromium();
try {
  for (const size of sizes) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(
      `<style>html,body{margin:0;background:none}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`,
    );
    await page.screenshot({ path: join(target, `${size}x${size}.png`), omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
console.log(`icons: ${sizes.length} sizes in assets/icons`);
