// The report's script: zooms the timeline, filters the findings, opens what a link points to. Without it everything is
// still there to read. It only moves and hides what the page holds; it makes no elements of text from logs.

export const reportScript = `'use strict';
(function () {
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var one = function (selector, root) { return (root || document).querySelector(selector); };
  var findings = all('.finding');
  var state = { from: -Infinity, to: Infinity, text: '' };

  // ---- the list of findings
  var count = one('[data-count]');
  var texts = new Map();
  function textOf(finding) {
    var text = texts.get(finding);
    if (text === undefined) { text = finding.textContent.toLowerCase(); texts.set(finding, text); }
    return text;
  }
  function applyFilters() {
    var levels = all('[data-level]:checked').map(function (box) { return box.value; });
    var shown = 0;
    findings.forEach(function (finding) {
      var time = finding.dataset.t === '' ? undefined : Number(finding.dataset.t);
      var isTimed = state.from === -Infinity || (time !== undefined && time >= state.from - 1 && time <= state.to + 1);
      var fits = isTimed && levels.indexOf(finding.dataset.severity) !== -1 &&
        (state.text === '' || textOf(finding).indexOf(state.text) !== -1);
      finding.hidden = !fits;
      if (fits) shown++;
    });
    if (count) count.textContent = shown === findings.length ? '' : shown.toLocaleString('en') + ' of ' + findings.length.toLocaleString('en') + ' shown';
    var reset = one('[data-reset]');
    if (reset) reset.hidden = shown === findings.length;
  }
  var waiting;
  function applySoon() { clearTimeout(waiting); waiting = setTimeout(applyFilters, 120); }
  all('[data-level]').forEach(function (box) { box.addEventListener('change', applyFilters); });
  var query = one('[data-query]');
  if (query) query.addEventListener('input', function () { state.text = query.value.trim().toLowerCase(); applySoon(); });
  function resetFilters() {
    state.text = '';
    if (query) query.value = '';
    all('[data-level]').forEach(function (box) { box.checked = true; });
    zoom(-Infinity, Infinity);
  }
  all('[data-reset]').forEach(function (button) { button.addEventListener('click', resetFilters); });
  all('[data-entity]').forEach(function (button) {
    button.addEventListener('click', function () {
      resetFilters();
      state.text = button.dataset.entity.toLowerCase();
      if (query) query.value = button.dataset.entity;
      applyFilters();
      one('#findings').scrollIntoView();
    });
  });
  var sort = one('[data-sort]');
  if (sort) sort.addEventListener('change', function () {
    var list = one('.finding-list');
    var order = ['critical', 'high', 'medium', 'low', 'informational'];
    findings.slice().sort(function (a, b) {
      var byTime = (a.dataset.t === '' ? Infinity : Number(a.dataset.t)) - (b.dataset.t === '' ? Infinity : Number(b.dataset.t)) || 0;
      var bySeverity = order.indexOf(a.dataset.severity) - order.indexOf(b.dataset.severity);
      return sort.value === 'time' ? byTime || bySeverity : bySeverity || byTime;
    }).forEach(function (finding) { list.appendChild(finding); });
  });
  all('[data-open]').forEach(function (button) {
    button.addEventListener('click', function () {
      findings.forEach(function (finding) { if (!finding.hidden) finding.open = button.dataset.open === 'yes'; });
    });
  });

  // ---- links into folded parts
  function reveal() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.hidden) resetFilters();
    for (var at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    target.scrollIntoView();
  }
  window.addEventListener('hashchange', reveal);

  // ---- the timeline
  var timeline = one('.timeline');
  var whole = timeline && { from: Number(timeline.dataset.start), to: Number(timeline.dataset.end) };
  var view = whole && { from: whole.from, to: whole.to };
  var marks = timeline ? all('.mark', timeline).map(function (line) { return { line: line, time: Number(line.dataset.t) }; }) : [];
  var steps = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 15552000, 31536000, 63072000, 157680000];
  function shown(seconds) {
    var date = new Date(seconds * 1000);
    return isNaN(date) ? '' : date.toISOString().replace('T', ' ').slice(0, 19);
  }
  function draw() {
    var span = view.to - view.from;
    var x = function (time) { return (time - view.from) / span * 1000; };
    marks.forEach(function (mark) {
      var at = x(mark.time);
      mark.line.setAttribute('x1', at);
      mark.line.setAttribute('x2', at);
      mark.line.setAttribute('visibility', at < 0 || at > 1000 ? 'hidden' : 'visible');
    });
    var frame = one('.window', timeline);
    var scale = 1000 / (whole.to - whole.from);
    frame.setAttribute('x', (view.from - whole.from) * scale);
    frame.setAttribute('width', Math.max(2, span * scale));
    one('[data-range]', timeline).textContent = shown(view.from) + ' to ' + shown(view.to) + ' UTC';
    drawTicks(span, x);
  }
  function drawTicks(span, x) {
    var group = one('.ticks', timeline);
    var axis = one('.axis', timeline);
    group.textContent = '';
    axis.textContent = '';
    axis.classList.add('placed');
    var step = steps.find(function (candidate) { return span / candidate <= 7; }) || steps[steps.length - 1];
    var height = one('.lanes', timeline).viewBox.baseVal.height;
    for (var at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
      var line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
      line.setAttribute('class', 'tick');
      line.setAttribute('x1', x(at)); line.setAttribute('x2', x(at));
      line.setAttribute('y1', 0); line.setAttribute('y2', height);
      group.appendChild(line);
      var label = document.createElement('span');
      var text = shown(at);
      label.textContent = step >= 86400 ? text.slice(0, 10) : step >= 60 ? text.slice(5, 16) : text.slice(11);
      label.style.left = x(at) / 10 + '%';
      axis.appendChild(label);
    }
  }
  function zoom(from, to) {
    if (timeline) {
      var isWhole = from === -Infinity;
      view.from = isWhole ? whole.from : Math.max(whole.from, from);
      view.to = isWhole ? whole.to : Math.min(whole.to, to);
      if (view.to - view.from < 2) { var middle = (view.from + view.to) / 2; view.from = middle - 1; view.to = middle + 1; }
      state.from = isWhole ? -Infinity : view.from;
      state.to = isWhole ? Infinity : view.to;
      draw();
      all('.period').forEach(function (period) {
        period.setAttribute('aria-pressed', String(Number(period.dataset.from) >= view.from && Number(period.dataset.to) <= view.to && !isWhole));
      });
    }
    applyFilters();
  }
  function zoomBy(kind) {
    var span = view.to - view.from;
    var isWhole = function (from, to) { return from <= whole.from && to >= whole.to; };
    var from = view.from, to = view.to;
    if (kind === 'in') { from += span / 4; to -= span / 4; }
    if (kind === 'out') { from -= span / 2; to += span / 2; }
    if (kind === 'left') { var back = Math.min(span / 2, from - whole.from); from -= back; to -= back; }
    if (kind === 'right') { var on = Math.min(span / 2, whole.to - to); from += on; to += on; }
    if (kind === 'all' || isWhole(from, to)) zoom(-Infinity, Infinity);
    else zoom(from, to);
  }
  if (timeline) {
    all('[data-zoom]').forEach(function (button) { button.addEventListener('click', function () { zoomBy(button.dataset.zoom); }); });
    all('.period').forEach(function (period) {
      period.addEventListener('click', function () {
        var from = Number(period.dataset.from), to = Number(period.dataset.to);
        var margin = Math.max(5, (to - from) * 0.03);
        if (period.getAttribute('aria-pressed') === 'true') zoom(-Infinity, Infinity);
        else zoom(from - margin, to + margin);
      });
    });
    all('svg.overview, svg.lanes', timeline).forEach(function (svg) {
      var start;
      var timeAt = function (event) {
        var box = svg.getBoundingClientRect();
        var part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
        var range = svg.classList.contains('overview') ? whole : view;
        return range.from + part * (range.to - range.from);
      };
      svg.addEventListener('pointerdown', function (event) { start = timeAt(event); svg.setPointerCapture(event.pointerId); });
      svg.addEventListener('pointerup', function (event) {
        if (start === undefined) return;
        var end = timeAt(event);
        var range = svg.classList.contains('overview') ? whole : view;
        if (Math.abs(end - start) > (range.to - range.from) / 200) zoom(Math.min(start, end), Math.max(start, end));
        start = undefined;
      });
      svg.addEventListener('dblclick', function () { zoom(-Infinity, Infinity); });
    });
    draw();
  }

  // ---- light and dark
  var theme = one('[data-theme-switch]');
  if (theme) theme.addEventListener('click', function () {
    var root = document.documentElement;
    var isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
  });
  all('.no-script').forEach(function (part) { part.hidden = true; });
  all('.needs-script').forEach(function (part) { part.hidden = false; });
  reveal();
})();
`
