// Wakes the journey page: opens the map, copies the number, and exchanges old words for new ones. The page is complete without it.
(function () {
  "use strict";
  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }

  function load(tag, attributes) {
    return new Promise(function (done, failed) {
      var made = document.createElement(tag);
      Object.keys(attributes).forEach(function (name) { made[name] = attributes[name]; });
      made.onload = done;
      made.onerror = failed;
      document.head.appendChild(made);
    });
  }

  function assets(frame) {
    if (window.L && window.doorcast && doorcast.playback) return Promise.resolve();
    return Promise.all([
      load("link", { rel: "stylesheet", href: frame.dataset.leafletCss }),
      load("link", { rel: "stylesheet", href: frame.dataset.mapCss }),
      load("script", { src: frame.dataset.leafletJs })
        .then(function () { return load("script", { src: frame.dataset.mapJs }); })
        .then(function () { return load("script", { src: frame.dataset.playbackJs }); })
    ]);
  }

  function openMap() {
    var frame = document.querySelector("[data-map-frame]");
    if (!frame || frame.dataset.opened) return;
    frame.dataset.opened = "yes";
    all("[data-map-open]").forEach(function (button) { button.hidden = true; });
    assets(frame).then(function () {
      document.querySelector("[data-map-live]").hidden = false;
      window.doorcastDraw();
      frame.classList.add("is-live");
      all("[data-map-buttons]").forEach(function (group) { group.hidden = false; });
    }, function () {
      delete frame.dataset.opened;
      all("[data-map-open]").forEach(function (button) { button.hidden = false; });
    });
  }

  function offerMap() {
    // A finger that scrolls must not get caught in a map: on touch screens and small windows it opens by a tap.
    if (window.matchMedia("(min-width: 700px) and (pointer: fine)").matches) openMap();
    else all("[data-map-open]").forEach(function (button) { button.hidden = false; });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-map-open")) openMap();
    if (button.dataset.mapShow && window.doorcast && doorcast.journey) doorcast.journey.show(button.dataset.mapShow);
    if (button.hasAttribute("data-copy")) {
      navigator.clipboard.writeText(document.querySelector("[data-copy-text]").textContent).then(function () { button.textContent = button.dataset.copied; });
    }
  });

  function wakeButtons() {
    if (navigator.clipboard) all("[data-copy]").forEach(function (button) { button.hidden = false; });
  }

  // What a reader has opened or stands on is found again by its place among its like: the words in it may have changed.
  function marks(part, selector) {
    var seen = {};
    return Array.prototype.map.call(part.querySelectorAll(selector), function (node) {
      var kind = node.id || node.tagName + "." + node.className;
      seen[kind] = (seen[kind] || 0) + 1;
      return { node: node, mark: kind + " " + seen[kind] };
    });
  }
  var FOCUSABLE = "a[href], button, summary, input, [tabindex]";

  function exchange(old, news) {
    var held = document.activeElement, focus = null, open = {};
    marks(old, "details").forEach(function (one) { open[one.mark] = one.node.open; });
    marks(old, FOCUSABLE).forEach(function (one) { if (one.node === held) focus = one.mark; });
    var frame = old.querySelector("[data-map-frame]"), place = news.querySelector("[data-map-frame]");
    if (frame && place) {
      place.replaceWith(frame);
      var buttons = news.querySelector("[data-map-buttons]");
      if (buttons) buttons.hidden = !frame.dataset.opened;
    }
    marks(news, "details").forEach(function (one) { if (one.mark in open) one.node.open = open[one.mark]; });
    old.replaceWith(document.adoptNode(news));
    if (!focus || document.activeElement === held) return;
    if (held.isConnected) held.focus({ preventScroll: true });
    else marks(news, FOCUSABLE).some(function (one) {
      if (one.mark === focus) one.node.focus({ preventScroll: true });
      return one.mark === focus;
    });
  }

  function words(part) {
    var found = part.querySelector("[data-status]");
    return found ? found.textContent.replace(/\s+/g, " ").trim() : "";
  }

  function show(html) {
    // The style of the new page carries the nonce of another answer, which our policy does not know; it is the same style anyway.
    var fresh = new DOMParser().parseFromString(html.replace(/<style[\s\S]*?<\/style>/g, ""), "text/html");
    var news = fresh.getElementById("journey"), old = document.getElementById("journey");
    if (!news || !old) return;
    var foot = fresh.querySelector("[data-checked]"), checked = document.querySelector("[data-checked]");
    if (foot && checked) checked.replaceWith(document.adoptNode(foot));
    if (news.dataset.digest === old.dataset.digest) return;
    var moved = words(news) !== words(old);
    exchange(old, news);
    document.getElementById("journey-data").textContent = fresh.getElementById("journey-data").textContent;
    document.title = fresh.title;
    if (moved) document.querySelector("[data-live]").textContent = fresh.title;  // read out: only when the parcel has reached another stage
    wakeButtons();
    if (window.doorcast && doorcast.journey) doorcast.journey.refresh();
  }

  // Asks for the page again and puts the new words in place of the old; the map keeps its position. One question at a time.
  var asking = false, again = false;
  function renew() {
    if (document.hidden) return;
    if (asking) { again = true; return; }
    asking = true;
    fetch(location.href, { headers: { Accept: "text/html" } }).then(function (answer) {
      return answer.ok ? answer.text() : null;
    }).then(function (html) { if (html) show(html); }).catch(function () { /* offline: the page keeps what it has and asks again */ }).then(function () {
      asking = false;
      if (again) { again = false; renew(); }
    });
  }

  offerMap();
  wakeButtons();
  window.doorcastRenew = renew;
})();
