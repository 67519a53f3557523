// One case: conveniences only, as in console.js.
(function () {
	'use strict';
})();
