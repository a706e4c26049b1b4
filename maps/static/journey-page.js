// Wakes the journey page: opens the map, copies the number, and asks for news. The page is complete without it.
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
      navigator.clipboard.writeText(document.querySelector("[data-copy-text]").textContent).then(function () { button.textContent = "Copied"; });
    }
  });

  function wakeButtons() {
    if (navigator.clipboard) all("[data-copy]").forEach(function (button) { button.hidden = false; });
  }

  // Asks for the page again and puts the new words in place of the old; the map keeps its position.
  function renew() {
    if (document.hidden) return;
    fetch(location.href, { headers: { Accept: "text/html" } }).then(function (answer) {
      return answer.ok ? answer.text() : null;
    }).then(function (html) {
      if (!html) return;
      // The style of the new page carries the nonce of another answer, which our policy does not know; it is the same style anyway.
      var fresh = new DOMParser().parseFromString(html.replace(/<style[\s\S]*?<\/style>/g, ""), "text/html");
      var news = fresh.getElementById("journey"), old = document.getElementById("journey");
      if (!news || !old) return;
      var foot = fresh.querySelector("[data-checked]");
      if (foot) document.querySelector("[data-checked]").replaceWith(document.adoptNode(foot));
      if (news.dataset.digest === old.dataset.digest) return;
      var frame = old.querySelector("[data-map-frame]"), open = all("details[open]").length;
      news.querySelector("[data-map-frame]").replaceWith(frame);
      news.querySelector("[data-map-buttons]").hidden = !frame.dataset.opened;
      if (open) Array.prototype.forEach.call(news.querySelectorAll("details.more"), function (details) { details.open = true; });
      old.replaceWith(document.adoptNode(news));
      document.getElementById("journey-data").textContent = fresh.getElementById("journey-data").textContent;
      if (document.title !== fresh.title) {
        document.title = fresh.title;
        document.querySelector("[data-live]").textContent = fresh.title;
      }
      wakeButtons();
      if (window.doorcast && doorcast.journey) doorcast.journey.refresh();
    }, function () { /* offline: the page keeps what it has and asks again */ });
  }

  offerMap();
  wakeButtons();
  var every = Number(document.documentElement.dataset.renewSeconds || 0);
  if (every) window.setInterval(renew, every * 1000);
})();
