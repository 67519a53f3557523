// One case: conveniences only, as in console.js.
(function () {
	'use strict';
	function typing(e) { return /^(INPUT|SELECT|TEXTAREA)$/.test(e.tagName) && !/^(checkbox|radio)$/.test(e.type); }
	// n and p go to the next and the previous case, or firm.
	document.addEventListener('keydown', function (e) {
		if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing || typing(e.target)) { return; }
		var rel = { n: 'next', p: 'prev' }[e.key];
		var to = rel && document.querySelector('.actionbar a[rel=' + rel + ']');
		if (to) { e.preventDefault(); to.click(); }
	});
	// Only one panel of the bar is open; Escape closes it. The first field of an opened one is the place to write.
	document.addEventListener('toggle', function (e) {
		var d = e.target;
		if (!d.open || !/\b(deed|drop)\b/.test(d.className)) { return; }
		document.querySelectorAll('details.deed[open], details.drop[open]').forEach(function (o) {
			if (o !== d) { o.open = false; }
		});
		var first = d.querySelector('textarea, input:not([type=hidden]), select, button');
		if (first) { first.focus(); }
	}, true);
	document.addEventListener('keydown', function (e) {
		if (e.key !== 'Escape') { return; }
		document.querySelectorAll('details.deed[open], details.drop[open]').forEach(function (o) {
			o.open = false;
			o.querySelector('summary').focus();
		});
	});
	// After a deed the page is where it was.
	var bar = document.querySelector('.actionbar');
	var here = 'place ' + window.location.pathname;
	if (bar) {
		document.addEventListener('submit', function (e) {
			if (e.target.method === 'post' && !e.target.hasAttribute('data-download')) {
				window.sessionStorage.setItem(here, String(window.pageYOffset));
			}
		});
		if (/[?&]done=/.test(window.location.search)) {
			window.scrollTo(0, Number(window.sessionStorage.getItem(here)) || 0);
		}
		window.sessionStorage.removeItem(here);
	}
})();
