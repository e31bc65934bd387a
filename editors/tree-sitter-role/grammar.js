/**
 * @file The `.role` language, for editors: colours, folds, structure. The compiler has a grammar of its own,
 * ../../grammar/role.pest; tests/agreement.rs holds this one against it, on every policy and fixture and on damaged
 * versions of them. This one tells what is wrong nowhere: that is the compiler's work.
 * @license MIT OR Apache-2.0
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// Never an id without quotes. A test holds both lists against src/syntax/token.rs.
const RESERVED = [
  'use', 'catalog', 'template', 'organization', 'role', 'grant', 'assign', 'forbid', 'test', 'from', 'to', 'until',
  'because', 'at', 'can', 'cannot', 'only', 'except', 'all', 'nothing', 'service', 'default', 'in', 'with',
  'require',
];

// Words of the language in their place, ids anywhere else.
const CONTEXTUAL = [
  'version', 'kind', 'ladder', 'verbs', 'flag', 'category', 'without', 'escalating', 'managed', 'direct', 'note',
  'caveat', 'limit', 'super', 'ids', 'case-sensitive', 'description', 'unconfirmed',
  'cases', 'least', 'most',
];

/** A word of ASCII letters, digits, `-` and `_` that is no number and not shaped as a date or time. */
function plainWord() {
  const any = '[A-Za-z0-9_-]*';
  const digit = '[0-9]';
  const other = '[A-Za-z_-]';
  // From the end of the shape to its beginning: what may stand where the shape has a digit or a dash.
  const ends = (allowed, rest) => `(${allowed}${any}|${rest})`;
  let tail = `([A-SU-Za-su-z_-]${any}|[Tt]([A-Za-z_-]${any})?|${digit}${any})`; // after 2026-11-01
  tail = `(${other}${any}|${digit}${tail})?`; // after 2026-11-0
  tail = ends(other, `${digit}${tail}`) + '?'; // after 2026-11-
  tail = `([A-Za-z_]${any}|${digit}${any}|-${tail})?`; // after 2026-11
  tail = `(${other}${any}|${digit}${tail})?`; // after 2026-1
  tail = `(${other}${any}|${digit}${tail})?`; // after 2026-
  const year = `([A-Za-z_]${any}|-${tail}|${digit}+${other}${any})`; // after 2026
  return new RegExp(`${other}${any}|${digit}{1,3}${other}${any}|${digit}{4}${year}`);
}

/** @param {RuleOrLiteral} rule */
const list = rule => seq(rule, repeat(seq(',', rule)));

/** @param {RuleOrLiteral} rule */
const block = rule => seq('{', repeat(rule), '}');

module.exports = grammar({
  name: 'role',

  word: $ => $.identifier,

  extras: $ => [/[ \t\r\n]/, $.comment, $.doc_comment],

  reserved: { global: _ => RESERVED },

  // Two words on, the parser knows: a mark or option, or the row below that is called as one.
  conflicts: $ => [
    [$.row],
    [$.entry],
    [$.unconfirmed],
  ],

  supertypes: $ => [$.shape, $.row_option],

  rules: {
    source_file: $ => repeat(choice($.use, $.catalog, $.template, $.organization, $.forbid, $.require)),

    use: $ => seq('use', field('catalog', $._id), field('version', optional($.string))),

    // ---- Catalogs

    catalog: $ => seq(
      'catalog',
      field('id', $._id),
      optional(field('title', $.string)),
      optional(seq('version', field('version', $.string))),
      field('body', $.catalog_block),
    ),
    catalog_block: $ => block(choice($.kind, $.category, $.limit, $.super, $.ids)),

    kind: $ => seq('kind', field('id', $._id), '=', field('shape', $.shape)),
    limit: $ => seq('limit', field('id', $._id), field('value', $.number)),
    super: $ => seq('super', field('template', $._id)),
    ids: _ => seq('ids', 'case-sensitive'),

    shape: $ => choice($.ladder, $.verbs, $.flag),
    // A ladder takes the word behind it as its first step, whatever it is.
    ladder: $ => prec(1, seq('ladder', $.level, repeat(seq('<', $.level)))),
    verbs: $ => prec(1, seq('verbs', list($.level))),
    flag: _ => prec(1, 'flag'),

    category: $ => seq(
      'category',
      field('id', $._id),
      optional(field('title', $.string)),
      field('body', $.category_block),
    ),
    category_block: $ => block($.row),

    row: $ => seq(
      field('id', $._name),
      optional(field('title', $.string)),
      ':',
      field('kind', choice($.shape, $._id)),
      optional($.without),
      optional($.row_options),
    ),
    without: $ => seq('without', list($.level)),
    row_options: $ => block($.row_option),
    row_option: $ => choice($.escalating, $.only_managed, $.note, $.caveat),
    // Alone it leads to everything, else to the rows that are named.
    escalating: $ => seq('escalating', optional(seq('to', list($.target)))),
    target: $ => $._cell,
    only_managed: _ => seq('only', 'managed'),
    note: $ => seq('note', $.string),
    caveat: $ => seq('caveat', $.string),

    // ---- Roles and templates

    template: $ => seq(optional('default'), 'template', $._role),
    role: $ => seq('role', $._role),
    _role: $ => seq(
      field('id', $._id),
      optional(field('title', $.string)),
      optional($.bases),
      field('body', $.role_block),
    ),
    bases: $ => seq('from', choice('nothing', list($.role_reference))),
    role_block: $ => block(choice($.description, $.grant)),

    description: $ => seq('description', $.string),

    grant: $ => seq('grant', choice($._grant_all, $._grant_row, $._grant_category)),
    _grant_all: $ => seq('all', ':', $.levels),
    _grant_row: $ => seq(
      field('category', $._name),
      '.',
      field('row', $._name),
      ':',
      $.levels,
      optional($.unconfirmed),
    ),
    _grant_category: $ => choice(
      seq(field('category', $._name_but_all), ':', $.levels, optional($.grant_block)),
      seq(field('category', $._id), $.grant_block),
    ),
    grant_block: $ => block($.entry),

    entry: $ => seq(list(field('row', $._name)), ':', $.levels, optional($.unconfirmed)),
    levels: $ => list($.level),
    level: $ => $._name,
    unconfirmed: $ => seq('unconfirmed', optional(field('basis', $.string))),

    // ---- Organizations

    organization: $ => seq(
      'organization',
      field('id', $._id),
      optional(field('title', $.string)),
      optional(choice('direct', 'managed')),
      field('body', $.organization_block),
    ),
    organization_block: $ => block(choice($.role, $.assign, $.forbid, $.require, $.test)),

    assign: $ => seq(
      'assign',
      field('role', $.role_reference),
      'to',
      list($.principal),
      repeat(choice($.from, $.until, $.because)),
    ),
    from: $ => seq('from', $._instant),
    until: $ => seq('until', $._instant),
    because: $ => seq('because', $.string),

    forbid: $ => seq(
      'forbid',
      field('title', $.string),
      optional($.exceptions),
      field('body', $.forbid_block),
    ),
    exceptions: $ => seq('except', list($.role_reference)),
    forbid_block: $ => block($.condition),
    condition: $ => seq($._cell, ':', $.levels),

    require: $ => seq(
      'require',
      field('title', $.string),
      repeat(choice($.from, $.until, $.least, $.most, $.exceptions)),
      field('body', $.require_block),
    ),
    least: $ => seq('at', 'least', $.number),
    most: $ => seq('at', 'most', $.number),
    require_block: $ => block(choice($.condition, $.held_role)),
    held_role: $ => seq('role', $._id),

    test: $ => seq('test', field('title', $.string), field('body', $.test_block)),
    test_block: $ => block(choice($.assertion, $.cases)),
    // A quoted string is a principal; a role is bare, or `role "…"`.
    assertion: $ => seq(
      choice(
        seq('only', list(field('subject', $._subject)), field('verdict', 'can')),
        seq(field('subject', $._subject), field('verdict', choice('can', 'cannot'))),
      ),
      $._cell,
      optional(seq(':', $.levels)),
      optional($.moment),
    ),
    _subject: $ => choice($.principal, alias($._subject_role, $.role_reference)),
    _subject_role: $ => choice($._bare_id, seq('role', $._id)),
    moment: $ => seq('at', $._instant),

    // A table: a column for each subject, a row for each row of the catalog.
    cases: $ => seq(
      'cases',
      list(field('subject', $._subject)),
      optional($.moment),
      field('body', $.cases_block),
    ),
    cases_block: $ => block($.case_row),
    case_row: $ => seq($._cell, ':', $.levels, repeat(seq('|', $.levels))),

    // ---- Names

    _cell: $ => seq(field('category', $._name), '.', field('row', $._name)),
    role_reference: $ => seq(optional('role'), $._id),
    principal: $ => seq(optional('service'), $.string),

    // Where a name is expected; a reserved word must be quoted there.
    _id: $ => choice($._bare_id, $.string),
    _bare_id: $ => choice($.identifier, $._contextual_id),
    _contextual_id: $ => choice(...CONTEXTUAL.map(word => alias(word, $.identifier))),
    // Before `:`, after `.` and in a list of levels: any word at all.
    _name: $ => choice($._name_but_all, alias('all', $.identifier)),
    _name_but_all: $ => choice(
      $._id,
      ...RESERVED.filter(word => word !== 'all').map(word => alias(word, $.identifier)),
    ),

    // ---- Tokens

    identifier: _ => plainWord(),

    string: $ => seq(
      '"',
      repeat(choice($._string_text, $.escape, $.bad_escape)),
      token.immediate('"'),
    ),
    _string_text: _ => token.immediate(prec(1, /[^"\\\r\n]+/)),
    escape: _ => token.immediate(prec(2, /\\(["\\]|u\{[0-9A-Fa-f]{1,6}\})/)),
    // A string all the same; the compiler says what is wrong with it.
    bad_escape: _ => token.immediate(prec(1, /\\[^\r\n]/)),

    number: _ => /[0-9]+/,
    _instant: $ => choice($.date, $.time),
    date: _ => /[0-9]{4}-[0-9]{2}-[0-9]{2}/,
    time: _ => /[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9][0-9:]*(\.[0-9]+)?([Zz]|[+\-][0-9:]+)?/,

    // Documents what stands below it.
    doc_comment: _ => /\/\/\/([^/\r\n][^\r\n]*)?/,
    comment: _ => /\/\/([^/\r\n][^\r\n]*|\/\/[^\r\n]*)?/,
  },
});
