// Conveniences only: every page works without this. Nothing here is younger than Chromium 80.
(function () {
	'use strict';
	// A deed that cannot be undone is asked for once more.
	document.addEventListener('submit', function (e) {
		var ask = e.target.getAttribute('data-ask');
		if (ask && !window.confirm(ask)) { e.preventDefault(); return; }
		// A second press of the button does not do it twice.
		if (e.target.method === 'post' && !e.target.hasAttribute('data-download')) {
			window.setTimeout(function () {
				e.target.querySelectorAll('button').forEach(function (b) { b.disabled = true; });
			}, 0);
		}
	});
	window.addEventListener('pageshow', function () {
		document.querySelectorAll('button[disabled]').forEach(function (b) {
			if (!b.hasAttribute('data-off')) { b.disabled = false; }
		});
	});
	// Choosing in a list with this mark asks at once.
	document.addEventListener('change', function (e) {
		if (e.target.hasAttribute('data-now') && e.target.form) { e.target.form.submit(); }
	});
	// A button beside a code copies it: the text that it carries, or that of an element. What is selected on the page
	// stays selected, for the text is handed over in the event of copying.
	var leaving = null;
	document.addEventListener('copy', function (e) {
		if (leaving === null) { return; }
		e.clipboardData.setData('text/plain', leaving);
		e.preventDefault();
	});
	function copy(text) {
		leaving = text;
		try { return document.execCommand('copy'); } finally { leaving = null; }
	}
	function copied(b) {
		var said = b.textContent;
		if (said === '已复制') { return; }
		b.textContent = '已复制';
		window.setTimeout(function () { b.textContent = said; }, 2000);
	}
	document.addEventListener('click', function (e) {
		var b = e.target.closest ? e.target.closest('[data-copy], [data-copy-text]') : null;
		if (!b) { return; }
		var text = b.getAttribute('data-copy-text');
		if (text === null) { text = document.getElementById(b.getAttribute('data-copy')).textContent; }
		if (copy(text)) { copied(b); }
	});
	// The second of the links before the menu leads to the table, where there is one.
	(function () {
		var skip = document.getElementById('skip-table'), table = document.querySelector('main table');
		if (!skip || !table) { return; }
		if (!table.id) { table.id = 'table'; }
		table.tabIndex = -1;
		skip.href = '#' + table.id;
		skip.hidden = false;
	})();
	// The third leads to what can be done.
	(function () {
		var skip = document.getElementById('skip-deeds');
		if (skip && document.getElementById('deeds')) { skip.hidden = false; }
	})();
	// The code of a one-time link stands behind its #, where no log sees it; it is sent by the form.
	function fragment() {
		var form = document.querySelector('form[data-fragment]');
		if (!form || window.location.hash.length < 2) { return; }
		form.elements[form.getAttribute('data-fragment')].value = window.location.hash.slice(1);
		window.history.replaceState(null, '', window.location.pathname);
		form.submit();
	}
	window.addEventListener('hashchange', fragment);
	fragment();
	// Five minutes before the session ends for want of use, a bar says so, and its button keeps the session. What is
	// done in another window counts. What was typed stays where it is.
	(function () {
		var bar = document.getElementById('idle'), body = document.body, keyName = 'diaoxiao-used';
		var idle = 1000 * Number(body.getAttribute('data-idle')), used = Date.now();
		var end = used + 1000 * Number(body.getAttribute('data-rest'));
		if (!bar || !idle) { return; }
		var text = bar.querySelector('span'), button = bar.querySelector('button'), over = false;
		function note() {
			used = Date.now();
			try { window.localStorage.setItem(keyName, String(used)); } catch (e) { /* this window alone, then */ }
		}
		function seen() {
			var other = 0;
			try { other = Number(window.localStorage.getItem(keyName)) || 0; } catch (e) { /* as above */ }
			if (other > used && other <= Date.now()) { used = other; }
			return used;
		}
		function say(words, keeps) {
			if (text.textContent !== words) { text.textContent = words; }
			button.hidden = !keeps;
			bar.hidden = !words;
		}
		function look() {
			if (over) { return; }
			var now = Date.now(), rest = Math.min(seen() + idle, end) - now;
			if (rest > Math.min(300000, idle / 2)) { say('', true); return; }
			if (rest <= 0) {
				say('登录已失效。已填写的内容仍在本页，提交时重新登录即可，不会丢失。', false);
			} else if (end - now <= rest) {
				say('本次登录将于' + Math.ceil(rest / 60000) + '分钟后到最长在线时间，届时须重新登录，请先提交已填写的内容。', false);
			} else {
				say('长时间未操作，' + Math.ceil(rest / 60000) + '分钟后将自动退出。', true);
			}
		}
		button.addEventListener('click', function () {
			var asked = new Image();
			asked.onload = function () { note(); look(); };
			asked.onerror = function () { over = true; say('登录已失效，或者网络不通。已填写的内容仍在本页，提交时重新登录即可。', false); };
			asked.src = body.getAttribute('data-alive') + '?' + Date.now();
		});
		note();
		look();
		window.setInterval(look, 2000);
	})();
	// A notice is said once: the address does not ask for it any more.
	if (/[?&]done=/.test(window.location.search)) {
		window.history.replaceState(null, '', window.location.pathname +
			window.location.search.replace(/([?&])done=[^&]*&?/, '$1').replace(/[?&]$/, '') + window.location.hash);
	}
	// The slash goes to the query, or where there is none to the box in the head.
	function typing(e) {
		return /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName) && !/^(checkbox|radio)$/.test(e.target.type);
	}
	document.addEventListener('keydown', function (e) {
		if (e.key !== '/' || e.ctrlKey || e.altKey || e.metaKey || typing(e)) { return; }
		var first = document.querySelector('[data-slash]') ||
			document.querySelector('.query input:not([type=hidden])') || document.querySelector('.find input');
		if (first) { e.preventDefault(); first.focus(); first.select(); }
	});
	// The browser submits nothing where the first button is off. Enter in such a form goes to its button instead, where
	// there is one alone, once the key is up, and not where it ends the writing of a word.
	var entered = null;
	document.addEventListener('keydown', function (e) {
		entered = e.key === 'Enter' && !e.isComposing && e.keyCode !== 229 ? e.target : null;
	});
	document.addEventListener('keyup', function (e) {
		var form = e.target.form;
		if (e.key !== 'Enter' || e.target !== entered || e.target.tagName !== 'INPUT' || !form ||
			!form.querySelector('button[data-off]')) {
			return;
		}
		var ends = form.querySelectorAll('button:not([disabled])');
		if (ends.length === 1) { ends[0].focus(); }
	});
	// The list of keys. Where firms are compared, its key has another meaning.
	(function () {
		var list = document.getElementById('keys'), came = null;
		if (!list) { return; }
		function show(on) {
			if (on) { came = document.activeElement; }
			list.hidden = !on;
			if (on) { list.focus(); } else if (came && came.focus) { came.focus(); }
		}
		document.querySelectorAll('[data-keys]').forEach(function (b) {
			b.hidden = false;
			b.addEventListener('click', function () { show(list.hidden); });
		});
		document.addEventListener('keydown', function (e) {
			if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing) { return; }
			if (e.key === 'Escape' && !list.hidden) { show(false); return; }
			if (/^[?？]$/.test(e.key) && !typing(e) && !document.getElementById('outcome')) {
				e.preventDefault();
				show(list.hidden);
			}
		});
	})();
})();
