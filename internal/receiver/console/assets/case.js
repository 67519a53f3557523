// One case: conveniences only, as in console.js.
(function () {
	'use strict';
	function typing(e) { return /^(INPUT|SELECT|TEXTAREA)$/.test(e.tagName) && !/^(checkbox|radio)$/.test(e.type); }
	// n and p go to the next and the previous case, or firm.
	document.addEventListener('keydown', function (e) {
		if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing || typing(e.target)) { return; }
		var rel = { n: 'next', p: 'prev' }[e.key];
		var to = rel ? document.querySelector('.actionbar a[rel=' + rel + ']')
			: e.key === 'c' && document.querySelector('.actionbar a[data-key=c]');
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
	// Comparing: 1, 2 and 3 record an outcome, and the next firm comes without a new page. Whatever comes instead of a
	// firm, such as the sign-in, is asked for again as a page.
	var busy = false;
	// A key that is pressed as soon as a firm appears was meant for the one before.
	function appeared() {
		var now = document.getElementById('compare');
		window.setTimeout(function () { if (now) { now.setAttribute('data-keyed', ''); } }, 150);
	}
	appeared();
	function show(answer, fallback) {
		return answer.text().then(function (text) {
			var next = new window.DOMParser().parseFromString(text, 'text/html').getElementById('compare');
			var now = document.getElementById('compare');
			if (!answer.ok || !next || !now) { fallback(); return; }
			now.parentNode.replaceChild(document.importNode(next, true), now);
			window.history.replaceState(null, '', answer.url.replace(/([?&])done=[^&]*&?/, '$1'));
			window.scrollTo(0, 0);
			busy = false;
			appeared();
		});
	}
	function record(form, button) {
		var fields = new window.URLSearchParams(new window.FormData(form));
		fields.append(button.name, button.value);
		busy = true;
		function again() {
			var field = document.createElement('input');
			field.type = 'hidden';
			field.name = button.name;
			field.value = button.value;
			form.appendChild(field);
			form.submit();
		}
		window.fetch(form.action, { method: 'POST', body: fields, credentials: 'same-origin' }).then(function (answer) {
			return show(answer, again);
		}, again);
	}
	document.addEventListener('click', function (e) {
		var b = e.target.closest ? e.target.closest('#outcome button, #compare .actionbar a[rel]') : null;
		if (!b || !window.fetch || e.ctrlKey || e.shiftKey || e.metaKey) { return; }
		if (b.form && !b.form.reportValidity()) { return; }
		e.preventDefault();
		if (busy) { return; }
		if (b.form) { record(b.form, b); return; }
		busy = true;
		function go() { window.location.assign(b.href); }
		window.fetch(b.href, { credentials: 'same-origin' }).then(function (answer) { return show(answer, go); }, go);
	});
	document.addEventListener('keydown', function (e) {
		if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing || e.repeat || typing(e.target)) { return; }
		var b = document.querySelector('#outcome button[data-key="' + ({ y: '1', '?': '3' }[e.key] || e.key) + '"]');
		if (b && /^[123y?]$/.test(e.key)) {
			e.preventDefault();
			if (document.querySelector('#compare[data-keyed]')) { b.click(); }
		}
	});
	// The box at the head of a list ticks all of the page.
	document.addEventListener('change', function (e) {
		if (!e.target.hasAttribute('data-all')) { return; }
		e.target.closest('table').querySelectorAll('tbody .pick input').forEach(function (o) {
			o.checked = e.target.checked;
		});
	});
	// What is said of a firm is unfolded below its line, and folded again.
	document.addEventListener('click', function (e) {
		var a = e.target.closest ? e.target.closest('.firms a.sum') : null;
		if (!a || e.ctrlKey || e.shiftKey || e.metaKey) { return; }
		e.preventDefault();
		a.setAttribute('aria-expanded', String(a.closest('tr').nextElementSibling.classList.toggle('open')));
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
