// Show a parcel on a shop's page: <script src="https://…/widget.js" data-doorcast-track="TOKEN" async></script>
// data-doorcast-lang (en, es, de, fr, pt, ar) chooses the language, data-doorcast-title the frame's name for screen readers.
// It puts one sandboxed frame where the script stands. No cookies, no storage, nothing read from the page around it.
(function () {
  'use strict';
  var script = document.currentScript;
  if (!script || !script.src || !script.parentNode) return;
  var token = script.getAttribute('data-doorcast-track') || '';
  if (!/^[A-Za-z0-9_-]{16,200}$/.test(token)) {
    console.warn('doorcast: data-doorcast-track holds no token; it is the last part of the link /track/TOKEN.');
    return;
  }
  // Without a language of its own the frame speaks that of the shop's brand, else the reader's.
  var titles = { en: 'Parcel', es: 'Paquete', de: 'Paket', fr: 'Colis', pt: 'Pacote', ar: '\u0627\u0644\u0637\u0631\u062f' };
  var language = script.getAttribute('data-doorcast-lang') || '';
  if (!Object.prototype.hasOwnProperty.call(titles, language)) language = '';
  var frame = document.createElement('iframe');
  // Without allow-same-origin the frame has an origin of its own that nothing else shares: it can keep no cookie and no storage.
  frame.setAttribute('sandbox', 'allow-scripts allow-popups allow-popups-to-escape-sandbox');
  frame.referrerPolicy = 'no-referrer';
  frame.title = script.getAttribute('data-doorcast-title') || titles[language || 'en'];
  frame.src = new URL('embed/' + token + (language && '?lang=' + language), script.src).href;
  frame.style.cssText = 'display:block;width:100%;max-width:40rem;height:17rem;border:0;color-scheme:light dark';
  addEventListener('message', function (event) {
    // A sandboxed frame names its origin "null", as others may; that it is this frame, only its window proves.
    if (event.source !== frame.contentWindow || event.origin !== 'null') return;
    var said = event.data;
    if (!said || said.doorcast !== 'height' || typeof said.height !== 'number' || !(said.height > 0 && said.height < 4000)) return;
    frame.style.height = Math.ceil(said.height) + 'px';
  });
  frame.addEventListener('load', function () {
    // To any origin, because a sandboxed frame has none to name; the word holds nothing, and the frame answers only to shops it knows.
    frame.contentWindow.postMessage({ doorcast: 'hello' }, '*');
  });
  script.parentNode.insertBefore(frame, script.nextSibling);
})();
