'use strict';
(() => {
  const [form, text, category, role, held, count] =
    ['filter', 'text', 'category', 'role', 'held', 'count'].map(id => document.getElementById(id));
  const noun = document.body.dataset.noun;
  const tables = [...document.querySelectorAll('.scroll > table')].map(table => ({
    table,
    section: table.closest('section'),
    papers: papers(table.closest('section')),
    columns: [...table.tHead.rows[0].cells].slice(1).map(head => ({ head, roles: JSON.parse(head.dataset.roles) })),
    groups: [...table.tBodies].map(body => {
      const [title, ...rows] = body.rows;
      const named = row => `${title.textContent} ${body.dataset.category}.${row.cells[0].textContent}`.toLowerCase();
      return { body, title: title.cells[0], rows: rows.map(row => ({ row, text: named(row), cells: [...row.cells].slice(1) })) };
    }),
    current: null,
  }));

  /** The tables for paper: so many columns each. */
  function papers(section) {
    let start = 0;
    return [...section.querySelectorAll('.paper > table')].map(table => {
      const heads = [...table.tHead.rows[0].cells].slice(1);
      const rows = [...table.tBodies].flatMap(body => [...body.rows].slice(1)).map(row => ({ row, cells: [...row.cells].slice(1) }));
      const paper = { block: table.parentNode, start, heads, rows, bodies: [...table.tBodies] };
      start += heads.length;
      return paper;
    });
  }

  // The filter.

  function apply() {
    const words = text.value.toLowerCase().split(/\s+/).filter(word => word);
    const seen = { rows: 0, ofRows: 0, columns: 0, ofColumns: 0 };
    for (const one of tables) {
      const kept = one.columns.map(column => !role.value || column.roles.includes(role.value));
      const columns = kept.filter(is => is).length;
      one.columns.forEach(({ head }, index) => { head.hidden = !kept[index]; });
      let rows = 0;
      for (const { body, title, rows: all } of one.groups) {
        const inCategory = !category.value || body.dataset.category === category.value;
        let shown = 0;
        for (const { row, text: named, cells } of all) {
          const isHeld = () => cells.some((cell, index) => kept[index] && !cell.classList.contains('none'));
          row.hidden = !(inCategory && words.every(word => named.includes(word)) && (!held.checked || isHeld()));
          cells.forEach((cell, index) => { cell.hidden = !kept[index]; });
          shown += row.hidden ? 0 : 1;
        }
        body.hidden = shown === 0;
        title.colSpan = columns + 1;
        rows += shown;
        seen.ofRows += all.length;
      }
      one.section.hidden = rows === 0 || columns === 0;
      print(one, kept);
      if (!one.section.hidden) {
        seen.rows += rows;
        seen.columns += columns;
      }
      seen.ofColumns += kept.length;
      if (!one.current || !isVisible(one.current)) choose(one, cells(one)[0]?.[0]);
    }
    count.textContent = `${seen.rows} of ${seen.ofRows} rows, ${seen.columns} of ${seen.ofColumns} ${noun}`;
  }

  /** What is filtered is so on paper too. A table that is narrow now is printed as it is. */
  function print({ section, papers, groups }, kept) {
    const widest = papers[0]?.heads.length ?? Infinity;
    section.classList.toggle('wide', kept.filter(is => is).length > widest);
    const rows = groups.flatMap(({ rows }) => rows);
    for (const { block, start, heads, rows: of, bodies } of papers) {
      const shown = heads.map((_, index) => kept[start + index]);
      block.hidden = !shown.includes(true);
      heads.forEach((head, index) => { head.hidden = !shown[index]; });
      of.forEach(({ row, cells }, at) => {
        row.hidden = rows[at].row.hidden;
        cells.forEach((cell, index) => { cell.hidden = !shown[index]; });
      });
      bodies.forEach((body, at) => {
        body.hidden = groups[at].body.hidden;
        body.rows[0].cells[0].colSpan = shown.filter(is => is).length + 1;
      });
    }
  }

  /** The filter as it stands in the address: `#text=devices&category=device-management&role=tier1&held=1`. */
  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    text.value = given.get('text') ?? '';
    // What is not among the choices chooses nothing, and everything is shown.
    for (const choice of [category, role]) {
      choice.value = given.get(choice.id) ?? '';
      if (choice.selectedIndex < 0) choice.value = '';
    }
    held.checked = given.get('held') === '1';
    apply();
  }

  function write() {
    const said = [['text', text.value], ['category', category.value], ['role', role.value], ['held', held.checked ? '1' : '']];
    history.replaceState(null, '', `#${new URLSearchParams(said.filter(([, value]) => value))}`);
    apply();
  }

  form.addEventListener('input', write);
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('reset', event => {
    event.preventDefault();
    text.value = category.value = role.value = '';
    held.checked = false;
    write();
  });
  addEventListener('hashchange', read);

  // The keyboard: one cell of each table can be reached by Tab, from there the arrows lead on.

  const isVisible = cell => !cell.hidden && !cell.parentNode.hidden && !cell.closest('tbody').hidden;

  const cells = one => one.groups
    .flatMap(({ rows }) => rows)
    .filter(({ row }) => !row.hidden)
    .map(({ cells }) => cells.filter(cell => !cell.hidden));

  function choose(one, cell) {
    if (one.current) one.current.tabIndex = -1;
    one.current = cell ?? null;
    if (cell) cell.tabIndex = 0;
  }

  function step(key, isFar, row, column, rows, columns) {
    switch (key) {
      case 'ArrowUp': return [row - 1, column];
      case 'ArrowDown': return [row + 1, column];
      case 'ArrowLeft': return [row, column - 1];
      case 'ArrowRight': return [row, column + 1];
      case 'PageUp': return [Math.max(row - 10, 0), column];
      case 'PageDown': return [Math.min(row + 10, rows - 1), column];
      case 'Home': return [isFar ? 0 : row, 0];
      case 'End': return [isFar ? rows - 1 : row, columns - 1];
      default: return null;
    }
  }

  for (const one of tables) {
    one.table.setAttribute('role', 'grid');
    one.groups.forEach(({ rows }) => rows.forEach(({ cells }) => cells.forEach(cell => { cell.tabIndex = -1; })));
    one.table.addEventListener('focusin', ({ target }) => {
      if (target.tagName === 'TD') choose(one, target);
    });
    one.table.addEventListener('keydown', event => {
      if (event.target.tagName !== 'TD' || event.altKey || event.metaKey) return;
      const grid = cells(one);
      const row = grid.findIndex(row => row.includes(event.target));
      if (row < 0) return;
      const column = grid[row].indexOf(event.target);
      const to = step(event.key, event.ctrlKey, row, column, grid.length, grid[row].length);
      if (!to) return;
      event.preventDefault();
      grid[to[0]]?.[to[1]]?.focus();
    });
  }

  // Where a level comes from: beside its cell, within the window, until Escape.

  function place(cell) {
    const tip = cell.lastElementChild;
    tip.style.position = 'fixed';
    const [at, size] = [cell.getBoundingClientRect(), tip.getBoundingClientRect()];
    const isBelow = at.bottom + size.height <= innerHeight || at.top < size.height;
    tip.style.top = `${isBelow ? at.bottom : at.top - size.height}px`;
    tip.style.left = `${Math.max(0, Math.min(at.left, innerWidth - size.width))}px`;
  }

  for (const kind of ['focusin', 'pointerover']) {
    addEventListener(kind, ({ target }) => {
      const cell = target instanceof Element ? target.closest('td') : null;
      if (!cell) return;
      document.body.classList.remove('quiet');
      place(cell);
    });
  }
  // It stays with its cell.
  addEventListener('scroll', () => {
    for (const cell of document.querySelectorAll('td:hover, td:focus')) place(cell);
  }, { capture: true, passive: true });
  addEventListener('keydown', event => {
    if (event.key === 'Escape') document.body.classList.add('quiet');
  });

  form.hidden = false;
  read();
})();
