// Draws a journey on a Leaflet map. Text reaches the document only through textContent.
(function () {
  "use strict";
  var SVG_NS = "http://www.w3.org/2000/svg";

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function block(id) {
    var found = document.getElementById(id);
    return found ? JSON.parse(found.textContent) : null;
  }

  // Whole steps and differences, as data/reference/basemap/basemap.py reads them.
  function unpack(flat, steps) {
    var points = [], lon = 0, lat = 0;
    for (var i = 0; i < flat.length; i += 2) {
      lon += flat[i];
      lat += flat[i + 1];
      points.push([lat / steps, lon / steps]);
    }
    return points;
  }

  function drawBasemap(map, stored) {
    var pane = map.createPane("basemap");
    pane.style.zIndex = 150;
    var renderer = L.svg({ pane: "basemap", padding: 0.5 });
    function lines(name) {
      return stored[name].map(function (flat) { return unpack(flat, stored.steps_per_degree); });
    }
    function options(className) {
      return { pane: "basemap", renderer: renderer, interactive: false, className: className, smoothFactor: 1.2 };
    }
    L.polygon(lines("land").map(function (ring) { return [ring]; }), options("dc-land")).addTo(map);
    L.polygon(lines("lakes").map(function (ring) { return [ring]; }), options("dc-lake")).addTo(map);
    L.polyline(lines("states"), options("dc-state")).addTo(map);
    L.polyline(lines("countries"), options("dc-country")).addTo(map);
  }

  function withBasemap(map, draw) {
    var inline = block("basemap-data");
    var frame = map.getContainer().closest("[data-basemap]");
    if (inline) {
      // A file carries only the land around its journey: the map stays inside it.
      drawBasemap(map, inline);
      map.setMaxBounds(inline.bounds);
      map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(inline.bounds, true)));
      draw(inline.places);
      return;
    }
    if (!frame) { draw([]); return; }
    fetch(frame.dataset.basemap).then(function (answer) { return answer.json(); }).then(function (stored) {
      drawBasemap(map, stored);
      draw(stored.places);
    });
  }

  // Labels: the journey's own stops first, then towns from large to small; a label that would cover another is left out.
  function labelLayer(map, stops, towns) {
    var pane = map.createPane("labels");
    pane.style.zIndex = 450;
    pane.style.pointerEvents = "none";
    function place() {
      pane.textContent = "";
      var size = map.getSize(), zoom = map.getZoom(), placed = [], count = 0;
      stops.forEach(function (stop) {
        var at = map.latLngToContainerPoint([stop.lat, stop.lon]);
        placed.push([at.x - 11, at.y - 11, at.x + 11, at.y + 11]);
      });
      function free(box) {
        return box[0] > 2 && box[1] > 2 && box[2] < size.x - 2 && box[3] < size.y - 2 && !placed.some(function (other) {
          return box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3];
        });
      }
      function put(lat, lon, text, className, gap, width) {
        var at = map.latLngToContainerPoint([lat, lon]);
        if (at.x < -50 || at.y < -20 || at.x > size.x + 50 || at.y > size.y + 20) return;
        var sides = [[at.x + gap, at.y - 9], [at.x - gap - width, at.y - 9], [at.x - width / 2, at.y - gap - 19], [at.x - width / 2, at.y + gap]];
        for (var i = 0; i < sides.length; i += 1) {
          var box = [sides[i][0], sides[i][1], sides[i][0] + width, sides[i][1] + 18];
          if (free(box)) {
            placed.push(box);
            var label = element("span", className, text);
            var origin = map.containerPointToLayerPoint([box[0], box[1]]);
            L.DomUtil.setPosition(label, origin);
            pane.appendChild(label);
            count += 1;
            return;
          }
        }
      }
      stops.filter(function (stop) { return stop.label; }).sort(function (a, b) { return (b.state === "here") - (a.state === "here") || (b.kind === "door") - (a.kind === "door"); })
        .forEach(function (stop) { put(stop.lat, stop.lon, stop.label, "dc-label dc-label-stop", 12, stop.label.length * 7.4 + 6); });
      towns.forEach(function (town) {
        if (count > 40 || town[3] > zoom) return;
        put(town[1], town[2], town[0], "dc-label dc-label-town", 4, town[0].length * 6.2 + 4);
      });
    }
    map.on("moveend zoomend resize", place);
    place();
    return place;
  }

  var StopIcon = null;
  function stopIcon(stop, number) {
    StopIcon = StopIcon || L.Icon.extend({
      createIcon: function () {
        var made = element("div", "leaflet-marker-icon dc-stop dc-stop-" + this.options.state + (this.options.kind === "door" ? " dc-stop-door" : ""));
        made.setAttribute("aria-label", this.options.words);
        if (this.options.kind === "door") {
          var svg = document.createElementNS(SVG_NS, "svg"), path = document.createElementNS(SVG_NS, "path");
          svg.setAttribute("viewBox", "-10 -10 20 20");
          svg.setAttribute("aria-hidden", "true");
          path.setAttribute("d", "M-8 0L0-7.5 8 0H5.5V7H-5.5V0z");
          svg.appendChild(path);
          made.appendChild(svg);
        }
        return made;
      },
      createShadow: function () { return null; }
    });
    return new StopIcon({ state: stop.state, kind: stop.kind, words: "Stop " + (number + 1) + ": " + stop.title + ". " + stop.lines.join(". ") });
  }

  function card(title, lines) {
    var made = element("div", "dc-card");
    made.appendChild(element("p", "dc-card-title", title));
    lines.forEach(function (line) { made.appendChild(element("p", "dc-card-line", line)); });
    return made;
  }

  function drawParts(layer, data) {
    var roads = [];
    data.legs.forEach(function (leg) {
      L.polyline(leg.parts, { className: "dc-casing", interactive: false, smoothFactor: 1 }).addTo(layer);
      roads.push(leg);
    });
    if (data.door) {
      L.circle([data.door.lat, data.door.lon], { radius: data.door.radius_km * 1000, className: "dc-door", interactive: false }).addTo(layer);
    }
    if (data.position) L.polyline(data.position.parts, { className: "dc-position", interactive: false }).addTo(layer);
    roads.forEach(function (leg) {
      L.polyline(leg.parts, { className: "dc-leg dc-" + leg.state, interactive: false, smoothFactor: 1 }).addTo(layer);
    });
    data.stops.forEach(function (stop, number) {
      var marker = L.marker([stop.lat, stop.lon], { icon: stopIcon(stop, number), keyboard: true }).addTo(layer);
      marker.bindPopup(card(stop.title, stop.lines), { maxWidth: 260, autoPanPadding: [24, 24] });
      marker.on("popupclose", function () {
        var icon = marker.getElement();
        if (icon && (document.activeElement === document.body || map_of(marker).contains(document.activeElement))) icon.focus({ preventScroll: true });
      });
    });
  }

  function map_of(marker) { return marker._map ? marker._map.getContainer() : document.body; }

  function showNow(map, data) {
    var parts = data.position ? data.position.parts : null;
    var here = data.stops.filter(function (stop) { return stop.state === "here"; })[0];
    var passed = data.stops.filter(function (stop) { return stop.state === "passed"; }).pop();
    if (parts) map.fitBounds(L.latLngBounds([].concat.apply([], parts)).pad(0.4), { maxZoom: 9 });
    else if (here || passed) map.setView([(here || passed).lat, (here || passed).lon], 7.5);
  }

  function drawJourney(map, blockId) {
    var layer = L.layerGroup().addTo(map), data = null, replace = null, towns = [];
    var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    map.setMinZoom(2);
    map.setMaxZoom(10);
    L.control.zoom({ position: "bottomright" }).addTo(map);
    // Leaflet listens to Escape only while the map itself has the focus, not one of its stops.
    map.getContainer().addEventListener("keydown", function (event) { if (event.key === "Escape") map.closePopup(); });
    function whole() { map.fitBounds(data.bounds, { padding: [8, 8], animate: !still }); }
    function draw(fit) {
      data = block(blockId);
      layer.clearLayers();
      var said = {};
      data.stops.slice().reverse().forEach(function (stop) {
        stop.label = said[stop.city] ? "" : stop.city;
        said[stop.city] = true;
      });
      drawParts(layer, data);
      if (fit) whole();
      if (replace) map.off("moveend zoomend resize", replace);
      if (replace) map.getPane("labels").remove();
      replace = labelLayer(map, data.stops, towns);
    }
    draw(true);
    withBasemap(map, function (places) { towns = places; draw(false); });
    doorcast.journey = {
      refresh: function () { draw(false); },
      show: function (what) { if (what === "now") showNow(map, data); else whole(); }
    };
  }

  window.doorcast = { drawJourney: drawJourney, drawBasemap: withBasemap, drawTowns: function (map, towns, taken) { labelLayer(map, taken, towns); }, block: block, element: element, card: card };
})();
