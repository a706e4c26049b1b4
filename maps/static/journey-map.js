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
  function labelLayer(map, stops, towns, signs, ways) {
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
      (signs || []).forEach(function (sign) {
        var at = map.latLngToContainerPoint([sign.lat, sign.lon]);
        placed.push([at.x - 17, at.y - 50, at.x + 17, at.y - 18]);
      });
      function free(box) {
        return box[0] > 2 && box[1] > 2 && box[2] < size.x - 2 && box[3] < size.y - 2 && !placed.some(function (other) {
          return box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3];
        });
      }
      // The window's label is wide: it must not lie over the way or the probable place, so it goes further up or down, or is left to the list.
      function clearOfWay(box) {
        return !(ways || []).some(function (point) {
          var at = map.latLngToContainerPoint(point);
          return at.x > box[0] - 8 && at.x < box[2] + 8 && at.y > box[1] - 8 && at.y < box[3] + 8;
        });
      }
      function put(lat, lon, text, className, gap, width, wide) {
        var at = map.latLngToContainerPoint([lat, lon]);
        if (at.x < -50 || at.y < -20 || at.x > size.x + 50 || at.y > size.y + 20) return;
        var inside = Math.max(4, Math.min(size.x - width - 4, at.x - width / 2));
        var sides = [[at.x + gap, at.y - 9], [at.x - gap - width, at.y - 9], [inside, at.y - gap - 19], [inside, at.y + gap], [inside, at.y + gap + 20]];
        if (wide) sides = sides.concat([[inside, at.y - gap - 44], [inside, at.y + gap + 46], [inside, at.y - gap - 70]]);
        for (var i = 0; i < sides.length; i += 1) {
          var box = [sides[i][0], sides[i][1], sides[i][0] + width, sides[i][1] + 18];
          if (free(box) && (!wide || clearOfWay(box))) {
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
      stops.filter(function (stop) { return stop.label || stop.window; }).sort(function (a, b) { return (b.state === "here") - (a.state === "here") || (b.kind === "door") - (a.kind === "door"); })
        .forEach(function (stop) {
          put(stop.lat, stop.lon, stop.label, "dc-label dc-label-stop", 12, stop.label.length * 8 + 8);
          if (stop.window && size.x >= 480) put(stop.lat, stop.lon, stop.window, "dc-label dc-label-window", 12, stop.window.length * 7.3 + 20, true);
        });
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
  function stopIcon(stop, number, pattern) {
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
    return new StopIcon({ state: stop.state, kind: stop.kind, words: pattern.replace("{number}", number + 1) + ": " + stop.title + ". " + stop.lines.join(". ") });
  }

  function card(title, lines) {
    var made = element("div", "dc-card");
    made.appendChild(element("p", "dc-card-title", title));
    lines.forEach(function (line) { made.appendChild(element("p", "dc-card-line", line)); });
    return made;
  }

  var WEATHER_PATHS = {
    rain: "M-6-1a4 4 0 0 1 1-8 5 5 0 0 1 9 1 3.5 3.5 0 0 1 1 7zM-4 2l-2 5M0 2l-2 5M4 2l-2 5",
    snow: "M0-8V8M-7-4L7 4M-7 4L7-4M-2-7l2 2 2-2M-2 7l2-2 2 2",
    ice: "M0-8L8 7H-8zM0-3V2M0 4.5v.5",
    wind: "M-8-3H3a2.5 2.5 0 1 0-2.5-2.5M-8 1H6a2.5 2.5 0 1 1-2.5 2.5M-8 5H-1",
    fog: "M-7-5H7M-8-1H5M-5 3H8M-7 7H4"
  };
  var WeatherIcon = null;
  function weatherIcon(weather) {
    WeatherIcon = WeatherIcon || L.Icon.extend({
      createIcon: function () {
        var made = element("div", "leaflet-marker-icon dc-weather"), svg = document.createElementNS(SVG_NS, "svg"), path = document.createElementNS(SVG_NS, "path");
        made.setAttribute("aria-label", this.options.words);
        svg.setAttribute("viewBox", "-10 -10 20 20");
        svg.setAttribute("aria-hidden", "true");
        path.setAttribute("d", WEATHER_PATHS[this.options.kind] || WEATHER_PATHS.ice);
        svg.appendChild(path);
        made.appendChild(svg);
        return made;
      },
      createShadow: function () { return null; }
    });
    return new WeatherIcon({ kind: weather.kind, words: weather.title + ". " + weather.lines.join(". ") });
  }

  // The probable place: each band is the part of the way that holds the parcel with its probability; the narrower one lies on the wider.
  function drawPosition(layer, position) {
    position.bands.forEach(function (band, number) {
      var className = "dc-position" + (number ? " dc-position-inner" : "");
      band.parts.forEach(function (part) {
        if (part.length > 1) L.polyline(part, { className: className, interactive: false }).addTo(layer);
        else L.circleMarker(part[0], { radius: number ? 10 : 15, className: className + " dc-position-spot", interactive: false }).addTo(layer);
      });
    });
  }

  // Left and right go to the stop before and after in the order of the journey, Home and End to the first and the last.
  function walkStops(markers) {
    markers.forEach(function (marker, number) {
      marker.getElement().addEventListener("keydown", function (event) {
        var goal = { ArrowRight: number + 1, ArrowDown: number + 1, ArrowLeft: number - 1, ArrowUp: number - 1, Home: 0, End: markers.length - 1 }[event.key];
        if (goal === undefined || !markers[goal]) return;
        event.preventDefault();
        event.stopPropagation();
        marker.closePopup();
        markers[goal].getElement().focus({ preventScroll: true });
        if (!marker._map.getBounds().contains(markers[goal].getLatLng())) marker._map.panTo(markers[goal].getLatLng(), { animate: false });
      });
    });
  }

  function bindCard(marker, thing) {
    marker.bindPopup(card(thing.title, thing.lines), { maxWidth: 260, autoPanPadding: [24, 24] });
    marker.on("popupclose", function () {
      var icon = marker.getElement();
      if (icon && (document.activeElement === document.body || map_of(marker).contains(document.activeElement))) icon.focus({ preventScroll: true });
    });
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
    if (data.position) drawPosition(layer, data.position);
    roads.forEach(function (leg) {
      L.polyline(leg.parts, { className: "dc-leg dc-" + leg.state, interactive: false, smoothFactor: 1 }).addTo(layer);
    });
    walkStops(data.stops.map(function (stop, number) {
      var marker = L.marker([stop.lat, stop.lon], { icon: stopIcon(stop, number, data.words.stop), keyboard: true }).addTo(layer);
      bindCard(marker, stop);
      return marker;
    }));
    data.weather.forEach(function (weather) {
      bindCard(L.marker([weather.lat, weather.lon], { icon: weatherIcon(weather), keyboard: true }).addTo(layer), weather);
    });
  }

  function map_of(marker) { return marker._map ? marker._map.getContainer() : document.body; }

  function showNow(map, data) {
    var parts = data.position ? data.position.bands[0].parts : null;
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
    var words = block(blockId).words;
    L.control.zoom({ position: "bottomright", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
    map.on("popupopen", function (event) {
      var close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
      if (close) close.setAttribute("aria-label", words.close);
    });
    // Leaflet listens to Escape only while the map itself has the focus, not one of its stops.
    map.getContainer().addEventListener("keydown", function (event) { if (event.key === "Escape") map.closePopup(); });
    function whole() { map.fitBounds(data.bounds, { padding: [8, 8], animate: !still }); }
    function draw(fit) {
      data = block(blockId);
      layer.clearLayers();
      var said = {};
      data.stops.slice().reverse().forEach(function (stop) {
        stop.label = said[stop.city] ? "" : stop.city;
        stop.window = stop.kind === "door" && data.door ? data.door.window : "";
        said[stop.city] = true;
      });
      drawParts(layer, data);
      if (fit) whole();
      if (replace) map.off("moveend zoomend resize", replace);
      if (replace) map.getPane("labels").remove();
      var ways = [].concat.apply([], data.legs.map(function (leg) { return [].concat.apply([], leg.parts); }));
      replace = labelLayer(map, data.stops, towns, data.weather, ways);
    }
    draw(true);
    withBasemap(map, function (places) { towns = places; draw(false); });
    var playback = doorcast.playback ? doorcast.playback(map, function () { return data; }) : null;
    doorcast.journey = {
      refresh: function () { draw(false); if (playback) playback.refresh(); },
      show: function (what) { if (what === "now") showNow(map, data); else whole(); }
    };
  }

  window.doorcast = { drawJourney: drawJourney, drawBasemap: withBasemap, drawTowns: function (map, towns, taken) { labelLayer(map, taken, towns); }, block: block, element: element, card: card };
})();
