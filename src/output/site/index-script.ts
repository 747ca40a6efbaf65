// The script of a site's index: filters the rows of the table, and keeps the filter in the address, so that it can be linked.

export const indexScript = `'use strict';
(function () {
  var form = document.querySelector('form.filters');
  var rows = Array.prototype.slice.call(document.querySelectorAll('#entries tbody tr'));
  var output = form.querySelector('output');
  var names = ['q', 'type', 'severity', 'tactic', 'status', 'asset', 'source'];
  form.hidden = false;
  function apply(keepAddress) {
    var wanted = {};
    names.forEach(function (name) { var value = form.elements[name].value.trim(); if (value !== '') wanted[name] = value; });
    var words = (wanted.q || '').toLowerCase().split(/\\s+/).filter(Boolean);
    var shown = 0;
    rows.forEach(function (row) {
      var fits = words.every(function (word) { return row.dataset.words.indexOf(word) !== -1; }) &&
        names.slice(1).every(function (name) {
          return !wanted[name] || row.dataset[name].split('|').indexOf(wanted[name]) !== -1;
        });
      row.hidden = !fits;
      if (fits) shown++;
    });
    output.textContent = shown === rows.length ? '' : shown.toLocaleString('en') + ' of ' + rows.length.toLocaleString('en');
    if (keepAddress) return;
    var query = new URLSearchParams(wanted).toString();
    try { history.replaceState(null, '', query === '' ? location.pathname : '#' + query); } catch (error) { /* some viewers refuse on file: */ }
  }
  function readAddress() {
    var query = new URLSearchParams(location.hash.slice(1));
    names.forEach(function (name) { form.elements[name].value = query.get(name) || ''; });
    apply(true);
  }
  form.addEventListener('input', function () { apply(false); });
  form.addEventListener('reset', function () { setTimeout(function () { apply(false); }); });
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  window.addEventListener('hashchange', readAddress);
  document.addEventListener('keydown', function (event) {
    if (event.key === '/' && document.activeElement.tagName !== 'INPUT') { event.preventDefault(); form.elements.q.focus(); }
  });
  readAddress();
})();
`
