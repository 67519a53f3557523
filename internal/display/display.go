// Package display is how values are put before people, on a terminal and in a page alike: made visible, cut, lined up
// by the columns that Chinese characters take. Whatever a sender sent goes through [Plain] or [Prose] before anybody
// sees it.
package display
