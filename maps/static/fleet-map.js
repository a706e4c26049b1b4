// Draws a packed fleet on one canvas: shipments last seen at one place become one disc, its share at risk a slice.
(function () {
  "use strict";
  var NO_FORECAST = 255;

  function bytes(text) {
    var raw = atob(text), made = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i += 1) made[i] = raw.charCodeAt(i);
    return made.buffer;
  }

  function groups(data) {
    var lats = new Int32Array(bytes(data.lat)), lons = new Int32Array(bytes(data.lon)), late = new Uint8Array(bytes(data.late)), found = new Map();
    for (var i = 0; i < data.count; i += 1) {
      var key = lats[i] + ":" + lons[i], group = found.get(key);
      if (!group) {
        group = { lat: lats[i] / data.steps_per_degree, lon: lons[i] / data.steps_per_degree, all: 0, risk: 0 };
        found.set(key, group);
      }
      group.all += 1;
      if (late[i] !== NO_FORECAST && late[i] >= 50) group.risk += 1;
    }
    return Array.from(found.values()).sort(function (a, b) { return b.all - a.all; });
  }

  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim(); }
  function radius(group) { return Math.min(30, 6 + 2.2 * Math.sqrt(group.all)); }

  function drawFleet(map, blockId) {
    var data = doorcast.block(blockId), all = groups(data), size = null;
    var canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", map.getPanes().overlayPane);
    map.setMinZoom(2);
    map.setMaxZoom(9);
    L.control.zoom({ position: "bottomright" }).addTo(map);
    function fit() {
      map.invalidateSize({ animate: false });
      map.fitBounds(data.bounds, { padding: [10, 10], animate: false });
    }

    function paint() {
      var ratio = window.devicePixelRatio || 1, pen = canvas.getContext("2d");
      size = map.getSize();
      canvas.width = size.x * ratio;
      canvas.height = size.y * ratio;
      canvas.style.width = size.x + "px";
      canvas.style.height = size.y + "px";
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      pen.scale(ratio, ratio);
      var calm = colour("accent"), risk = colour("bad"), edge = colour("card");
      all.forEach(function (group) {
        var at = map.latLngToContainerPoint([group.lat, group.lon]), r = radius(group), share = group.risk / group.all;
        if (at.x < -r || at.y < -r || at.x > size.x + r || at.y > size.y + r) return;
        pen.globalAlpha = 0.88;
        pen.beginPath();
        pen.arc(at.x, at.y, r, 0, 2 * Math.PI);
        pen.fillStyle = calm;
        pen.fill();
        if (share > 0) {
          pen.beginPath();
          pen.moveTo(at.x, at.y);
          pen.arc(at.x, at.y, r, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share);
          pen.fillStyle = risk;
          pen.fill();
        }
        pen.globalAlpha = 1;
        pen.beginPath();
        pen.arc(at.x, at.y, r, 0, 2 * Math.PI);
        pen.lineWidth = 1.5;
        pen.strokeStyle = edge;
        pen.stroke();
        if (r >= 13) {
          pen.fillStyle = colour("on-accent");
          pen.font = "700 12px system-ui, sans-serif";
          pen.textAlign = "center";
          pen.textBaseline = "middle";
          pen.lineWidth = 2.5;
          pen.strokeStyle = share > 0.3 ? risk : calm;
          pen.strokeText(String(group.all), at.x, at.y);
          pen.fillText(String(group.all), at.x, at.y);
        }
      });
    }

    function groupAt(point) {
      for (var i = all.length - 1; i >= 0; i -= 1) {
        var at = map.latLngToContainerPoint([all[i].lat, all[i].lon]);
        if (at.distanceTo(point) <= Math.max(16, radius(all[i]))) return all[i];
      }
      return null;
    }

    map.on("click", function (event) {
      var group = groupAt(event.containerPoint);
      if (!group) return;
      var calm = group.all - group.risk;
      L.popup({ maxWidth: 240 }).setLatLng([group.lat, group.lon]).setContent(doorcast.card(
        group.all === 1 ? "1 shipment was last seen here" : group.all + " shipments were last seen here",
        [group.risk + " more likely late than not", calm + " likely in time"]
      )).openOn(map);
    });
    map.on("moveend zoomend resize viewreset", paint);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
    fit();
    paint();
    doorcast.drawBasemap(map, function (places) { doorcast.drawTowns(map, places, all); });
    doorcast.fleet = { groups: all };
  }

  window.doorcast.drawFleet = drawFleet;
})();
