// chromium80.mjs URL FOLDER < STEPS — walks through the console in the oldest browser it is promised to work in. The steps are a
// JSON list, each a page to open or a thing to do there; whatever the browser complains of ends the walk. The browser is unpacked
// into the folder from the npm package that ships it.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import {execFileSync} from 'node:child_process';
import {createRequire} from 'node:module';
import puppeteer from 'puppeteer-core';

const [url, home] = process.argv.slice(2);
const shipped = path.join(path.dirname(createRequire(import.meta.url).resolve('chrome-aws-lambda/package.json')), 'bin');
for (const name of ['chromium', 'aws.tar', 'swiftshader.tar']) {
	fs.writeFileSync(path.join(home, name), zlib.brotliDecompressSync(fs.readFileSync(path.join(shipped, name + '.br'))), {mode: 0o700});
	if (name.endsWith('.tar')) execFileSync('tar', ['-xf', name], {cwd: home});
}
const browser = await puppeteer.launch({
	executablePath: path.join(home, 'chromium'), userDataDir: path.join(home, 'profile'), ignoreHTTPSErrors: true, defaultViewport: {width: 1440, height: 900},
	args: ['--headless', '--no-sandbox', '--single-process', '--no-zygote', '--disable-gpu'],
	env: {PATH: process.env.PATH, HOME: home, LD_LIBRARY_PATH: path.join(home, 'lib')},
});
const problems = [], steps = JSON.parse(fs.readFileSync(0));
try {
	const page = await browser.newPage();
	// It says so where a walk types before the page has settled.
	page.on('console', m => { if (m.type() !== 'log' && !m.text().startsWith('Autofocus processing')) problems.push(`${page.url()}: ${m.text()}`); });
	page.on('pageerror', e => problems.push(`${page.url()}: ${e.message}`));
	page.on('requestfailed', r => problems.push(`${r.url()}: ${r.failure().errorText}`));
	page.on('request', r => { if (!r.url().startsWith(url)) problems.push('asks elsewhere: ' + r.url()); });
	page.on('dialog', d => d.accept());
	for (const s of steps) {
		if (s.cookie) await page.setCookie({url, name: '__Host-diaoxiao', value: s.cookie, path: '/', secure: true, httpOnly: true});
		if (s.open) await page.goto(url + s.open);
		for (const [selector, text] of Object.entries(s.fill || {})) await page.type(selector, text);
		if (s.press) {
			const all = await page.$$('button, main a');
			const words = await Promise.all(all.map(b => b.evaluate(e => e.innerText.trim())));
			if (!words.includes(s.press)) throw new Error(`${page.url()}: nothing says ${s.press}: ${words}`);
			await Promise.all([page.waitForNavigation(), all[words.indexOf(s.press)].click()]);
		}
		const seen = await page.evaluate(() => document.body.innerText);
		for (const want of s.reads || []) if (!seen.includes(want)) problems.push(`${page.url()}: no ${want} in ${seen}`);
		// What the style sheet asks for is done: a rule that this browser does not know would leave things as they are by default.
		problems.push(...await page.evaluate(() => {
			const wrong = [], style = e => getComputedStyle(e);
			if (style(document.querySelector('header')).display !== 'flex' || style(document.querySelector('header')).backgroundColor !== 'rgb(11, 42, 82)') wrong.push('header without style');
			if (document.documentElement.scrollWidth > innerWidth) wrong.push(location.pathname + ' is wider than the window: ' + document.documentElement.scrollWidth);
			return wrong;
		}));
	}
	console.log(`${await browser.version()}: ${steps.length} steps`);
} finally {
	await browser.close();
}
for (const p of problems) console.error(p);
process.exitCode = problems.length ? 1 : 0;
