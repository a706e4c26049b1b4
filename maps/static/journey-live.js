// Keeps an open page up to date: told by the server where that works, by asking from time to time where it does not.
(function () {
  "use strict";
  var root = document.documentElement, every = Number(root.dataset.renewSeconds || 0) * 1000;
  if (!every || !window.doorcastRenew) return;
  var last = root.dataset.seen, address = last === undefined ? "" : location.pathname + "/events";
  var thrifty = !!(navigator.connection && navigator.connection.saveData);
  var CALM = 6;  // a page that is told still asks now and then: its words follow the clock, and a dead connection is silent
  var GATHER = 150, FIRST_WAIT = 2000, LONGEST_WAIT = 15000;  // ms; a scan and its new forecast come within the first
  var source = null, working = false, over = false, wait = FIRST_WAIT, opening = 0, gathering = 0, asked = Date.now();

  function ask() {
    asked = Date.now();
    window.doorcastRenew();
  }

  function heard(event) {
    if (event.lastEventId) last = event.lastEventId;
    if (!gathering) gathering = window.setTimeout(function () { gathering = 0; ask(); }, GATHER);
  }

  function close() {
    window.clearTimeout(opening);
    if (source) source.close();
    source = null;
    working = false;
  }

  function open() {
    window.clearTimeout(opening);
    if (source || over || !address || document.hidden || typeof window.EventSource !== "function") return;
    try {
      source = new EventSource(address + "?after=" + encodeURIComponent(last));
    } catch (refused) {
      over = true;  // blocked here for good: asking goes on
      return;
    }
    source.addEventListener("ready", function (event) {
      if (event.lastEventId) last = event.lastEventId;
      working = true;
      wait = FIRST_WAIT;
    });
    source.onmessage = heard;
    source.addEventListener("reset", heard);
    source.addEventListener("end", function () { over = true; close(); });
    source.onerror = function () {
      working = false;
      if (!source || source.readyState !== EventSource.CLOSED) return;  // the browser comes back by itself, with the last id
      close();
      opening = window.setTimeout(open, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    };
  }

  window.setInterval(function () {
    var due = every * (working ? CALM : thrifty ? 3 : 1);
    if (!document.hidden && Date.now() - asked >= due - every / 2) ask();
  }, every);

  // A hidden page holds no connection: a browser has six for a host, and tabs share them.
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) { close(); return; }
    open();
    if (Date.now() - asked >= every) ask();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { open(); ask(); } });
  window.addEventListener("online", function () { wait = FIRST_WAIT; open(); });
  open();
})();
