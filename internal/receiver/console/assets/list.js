// Lists: conveniences only, as in console.js.
(function () {
	'use strict';
	var first = document.querySelector('table[data-rows]');
	if (!first) { return; }
	// Rows that say more of the row before them are passed over.
	var rows = Array.prototype.slice.call(document.querySelectorAll('table[data-rows] tbody tr:not(.about)'));
	rows = rows.filter(function (r) { return !r.querySelector('td.empty'); });
	function box(r) { return r && r.querySelector('td.pick input'); }
	var boxes = rows.map(box).filter(Boolean);
	var all = first.querySelector('[data-pick-all]'), told = document.querySelector('[data-picked]');
	// How many cases are ticked is said beside what can be done with them.
	function tell() {
		var n = boxes.filter(function (b) { return b.checked; }).length;
		if (told) { told.textContent = n ? n + '件' : '的'; }
		if (all) { all.textContent = n === boxes.length && n ? '取消' : '全选'; }
	}
	if (all) {
		all.addEventListener('click', function (e) {
			e.preventDefault();
			var on = boxes.some(function (b) { return !b.checked; });
			boxes.forEach(function (b) { b.checked = on; });
			tell();
		});
	}
	document.addEventListener('change', tell);
	window.addEventListener('pageshow', tell);
	tell();
	// Arrows or j and k go through the rows, Enter opens, x ticks. Back comes to the row from which it was opened.
	var at = -1, key = 'list ' + window.location.pathname + window.location.search;
	function go(n) {
		if (n < 0 || n >= rows.length) { return; }
		if (at >= 0) { rows[at].classList.remove('at'); }
		at = n;
		rows[at].classList.add('at');
		rows[at].scrollIntoView({block: 'nearest'});
		var link = rows[at].querySelector('a[href]');
		if (!link) { rows[at].tabIndex = -1; }
		(link || rows[at]).focus({preventScroll: true});
	}
	function keep(n) { try { window.sessionStorage.setItem(key, String(n)); } catch (e) { return; } }
	document.addEventListener('click', function (e) {
		var row = e.target.closest ? e.target.closest('table[data-rows] tbody tr') : null;
		if (row && e.target.closest('a')) { keep(rows.indexOf(row)); }
	});
	document.addEventListener('keydown', function (e) {
		if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing) { return; }
		if (/^(SELECT|TEXTAREA)$/.test(e.target.tagName)) { return; }
		if (e.target.tagName === 'INPUT' && e.target.type !== 'checkbox') { return; }
		if (e.key === 'ArrowDown' || e.key === 'j') { go(at + 1); e.preventDefault(); }
		if (e.key === 'ArrowUp' || e.key === 'k') { go(at - 1); e.preventDefault(); }
		if (e.key === 'x' && box(rows[at])) {
			box(rows[at]).checked = !box(rows[at]).checked;
			tell();
			e.preventDefault();
		}
	});
	var was = null;
	try { was = window.sessionStorage.getItem(key); } catch (e) { was = null; }
	if (was !== null) {
		go(Number(was));
		try { window.sessionStorage.removeItem(key); } catch (e) { was = null; }
	}
})();
