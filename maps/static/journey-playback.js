// Plays a journey: a slider through its time, a button, and a dot that moves along the legs. Text reaches the document only through textContent.
(function () {
  "use strict";
  var WHOLE_MS = 14000, STEPS = 1000, MOST_STILL = 0.25;

  function formatter(zone) {
    var options = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
    var language = document.documentElement.lang || "en";
    try { return new Intl.DateTimeFormat(language, Object.assign({ timeZone: zone }, options)); }
    catch (unknownZone) { return new Intl.DateTimeFormat(language, Object.assign({ timeZone: "UTC", timeZoneName: "short" }, options)); }
  }

  // A leg as one run of points with the length so far; parts beyond the 180th meridian follow each other.
  function measured(parts) {
    var points = [], sums = [], sum = 0;
    parts.forEach(function (part) {
      part.forEach(function (point, number) {
        if (number) sum += L.latLng(points[points.length - 1]).distanceTo(point);
        points.push(point);
        sums.push(sum);
      });
    });
    return { points: points, sums: sums, sum: sum };
  }

  function along(run, share) {
    var goal = run.sum * share, number = 1;
    while (number < run.sums.length - 1 && run.sums[number] < goal) number += 1;
    var before = run.sums[number - 1], step = run.sums[number] - before, part = step > 0 ? Math.min(1, (goal - before) / step) : 1;
    var a = run.points[number - 1], b = run.points[number];
    return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
  }

  // Nights in a hub would fill the slider with standing still: pauses are shortened to a share of the whole, and the clock beside it stays true.
  function timeline(moves) {
    var moving = moves.reduce(function (sum, move) { return sum + Math.max(60, move.end - move.start); }, 0);
    var most = Math.max(3600, moving * MOST_STILL), at = 0, last = null, marks = [];
    moves.forEach(function (move) {
      if (last !== null) at += Math.min(most, move.start - last);
      marks.push([at, move.start]);
      at += Math.max(60, move.end - move.start);
      marks.push([at, move.end]);
      last = move.end;
    });
    return { marks: marks, length: at };
  }

  function between(marks, value, from, to) {
    var number = 1;
    while (number < marks.length - 1 && marks[number][from] < value) number += 1;
    var a = marks[number - 1], b = marks[number], span = b[from] - a[from];
    var share = span > 0 ? Math.max(0, Math.min(1, (value - a[from]) / span)) : 1;
    return a[to] + (b[to] - a[to]) * share;
  }

  doorcast.playback = function (map, read) {
    var box = document.querySelector("[data-playback]");
    if (!box) return { refresh: function () {} };
    var slider = box.querySelector("input"), button = box.querySelector("button"), said = box.querySelector("output");
    var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    var dot = null, timer = 0, began = 0, data, time, runs, clock;

    function refresh() {
      data = read();
      stop();
      if (dot) { dot.remove(); dot = null; }
      box.hidden = data.moves.length === 0;
      if (box.hidden) return;
      time = timeline(data.moves);
      runs = data.legs.map(function (leg) { return measured(leg.parts); });
      clock = formatter(data.words.zone);
      slider.max = STEPS;
      slider.setAttribute("aria-label", data.words.moment);
      slider.value = Math.round(STEPS * between(time.marks, data.now, 1, 0) / time.length);
      say(data.now);
    }

    function moment() { return between(time.marks, Number(slider.value) / STEPS * time.length, 0, 1); }

    function place(at) {
      var done = data.moves.filter(function (move) { return move.start <= at; }).pop() || data.moves[0];
      var share = Math.max(0, Math.min(1, (at - done.start) / Math.max(1, done.end - done.start)));
      var leg = data.legs[done.leg];
      return { point: along(runs[done.leg], share), from: data.cities[leg.from], to: data.cities[leg.to], share: share };
    }

    function say(at) {
      var here = place(at), city = here.share <= 0 ? here.from : here.share >= 1 ? here.to : here.from + " → " + here.to;
      var words = [clock.format(new Date(at * 1000)), city, at > data.now + 60 ? data.words.forecast : ""].filter(Boolean).join(" · ");
      said.textContent = words;
      slider.setAttribute("aria-valuetext", words);
    }

    function show() {
      var at = moment(), here = place(at);
      if (!dot) dot = L.circleMarker(here.point, { radius: 9, interactive: false, pane: "playback", className: "dc-playback" }).addTo(map);
      dot.setLatLng(here.point);
      L.DomUtil[at > data.now + 60 ? "addClass" : "removeClass"](dot.getElement(), "dc-playback-ahead");
      if (!map.getBounds().contains(here.point)) map.panTo(here.point, { animate: !still });
      say(at);
    }

    function stop() {
      window.cancelAnimationFrame(timer);
      window.clearTimeout(timer);
      timer = 0;
      if (data) button.textContent = data.words.play;
      button.setAttribute("aria-pressed", "false");
    }

    function step(now) {
      var value = Math.min(STEPS, (now - began) / WHOLE_MS * STEPS);
      slider.value = value;
      show();
      if (value >= STEPS) stop();
      else timer = window.requestAnimationFrame(step);
    }

    // Who asked for less motion sees the journey leg by leg, each for a moment, without anything sliding.
    function stepStill() {
      var marks = time.marks.map(function (mark) { return Math.round(mark[0] / time.length * STEPS); });
      var next = marks.filter(function (mark) { return mark > Number(slider.value); })[0];
      if (next === undefined) { stop(); return; }
      slider.value = next;
      show();
      timer = window.setTimeout(stepStill, 1200);
    }

    function play() {
      if (Number(slider.value) >= STEPS) slider.value = 0;
      button.textContent = data.words.pause;
      button.setAttribute("aria-pressed", "true");
      if (still) { stepStill(); return; }
      began = window.performance.now() - Number(slider.value) / STEPS * WHOLE_MS;
      timer = window.requestAnimationFrame(step);
    }

    map.createPane("playback").style.zIndex = 640;
    button.addEventListener("click", function () { if (timer) stop(); else { if (!dot) slider.value = 0; play(); } });
    slider.addEventListener("input", function () { stop(); show(); });
    refresh();
    return { refresh: refresh };
  };
})();
