"""Tables and pictures: pandas, openpyxl, XlsxWriter, xlwt, tablib, Pillow, thumbnails, python-magic.

From pandas' documentation ("IO tools", `read_pickle`, `DataFrame.query`, `eval`), openpyxl's ("Tutorial"),
XlsxWriter's ("The Worksheet Class": `write_string` makes no formula), xlwt's, Pillow's ("Image Module"),
python-magic's README.
"""

from __future__ import annotations

from dataclasses import replace

from checks.frameworks.libraries.conditions import is_text
from checks.frameworks.libraries.tables import ITSELF, NOTHING, NUMBER, TEXT, TRUTH, each, of, own, sinks
from checks.semantics.library import Entry, Library, Sink, gives, passes, sink

FRAME = "pandas.DataFrame"
_SHEET = "openpyxl.worksheet.worksheet.Worksheet"
_BOOK = "openpyxl.workbook.Workbook"
_CELL = "openpyxl.cell.cell.Cell"
_IMAGE = "PIL.Image.Image"
_NAMED = Sink("path", 0, is_text(0), or_file=True)

_READ = Entry(returns=FRAME, passes=(0,), sinks=(_NAMED, Sink("url", 0, is_text(0), or_file=True)))
_QUERY = Entry(returns=FRAME, sinks=(Sink("sql", (0, "sql")),))
_SAVED = Entry(sinks=(_NAMED,))
_FRAME = {
    **each("eval query", Entry(returns="self", passes=(-1,), sinks=(Sink("code", (0, "expr")),))),
    "to_csv": Entry(returns="builtins.str", passes=(-1,), sinks=(Sink("csv", -1), *_SAVED.sinks)),
    "to_excel": Entry(
        returns="builtins.str", passes=(-1,), sinks=(Sink("csv", -1), *_SAVED.sinks), work="document"
    ),
    **each("to_parquet to_pickle to_json", Entry(passes=(-1,), sinks=_SAVED.sinks)),
    "to_html": own("builtins.str", "html"),
    **each("to_dict to_records to_numpy values", own()),
    "to_sql": NOTHING,
    **each(
        "copy drop dropna fillna head iloc loc merge rename reset_index set_index sort_values tail",
        own("self"),
    ),
    **each("columns index", own("builtins.list")),
    **each("shape size", NUMBER),
    "empty": TRUTH,
}

library = Library(
    "data.tables",
    entries={
        **of(
            "pandas",
            each("read_csv read_feather read_fwf read_json read_parquet read_table", _READ),
        ),
        "pandas.read_excel": replace(_READ, work="document"),
        "pandas.read_html": Entry(
            returns="builtins.list", passes=(0,), sinks=(Sink("url", 0, is_text(0), or_file=True),)
        ),
        "pandas.read_xml": Entry(returns=FRAME, passes=(0,), sinks=(_NAMED, Sink("xml-expansion", 0))),
        "pandas.read_pickle": Entry(returns=FRAME, sinks=(Sink("deserialize", 0), _NAMED)),
        **of("pandas", each("read_sql read_sql_query", _QUERY)),
        "pandas.read_sql_table": gives(FRAME),
        "pandas.eval": sink("code", (0, "expr")),
        **of(
            "pandas",
            {
                "DataFrame": passes(returns=FRAME),
                "Series": passes(returns=FRAME),
                "concat": passes(0, returns=FRAME),
            },
        ),
        **of("pandas", each("isna isnull notna notnull", TRUTH)),
        **of("pandas", each("Timestamp to_datetime to_numeric", NOTHING)),
        "pandas.ExcelWriter": Entry(returns="pandas.ExcelWriter", sinks=(_NAMED,)),
        **of(FRAME, _FRAME),
        "openpyxl.Workbook": gives(_BOOK),
        "openpyxl.load_workbook": Entry(returns=_BOOK, passes=(0,), sinks=(_NAMED,), work="document"),
        **of(
            _BOOK,
            {
                **each("active create_sheet worksheets __getitem__", own(_SHEET)),
                "save": replace(sinks(_NAMED), work="document"),
                "close": NOTHING,
            },
        ),
        "openpyxl.workbook.Workbook.sheetnames": own("builtins.list"),
        **of(
            _SHEET,
            {
                "append": sinks(Sink("csv", (0, "iterable"))),
                "cell": Entry(returns=_CELL, passes=(-1,), sinks=(Sink("csv", (2, "value")),)),
                "__setitem__": sinks(Sink("csv", 1)),
                "__getitem__": own(_CELL),
                **each("iter_rows iter_cols rows columns values", own("builtins.list")),
                **each("max_row max_column", NUMBER),
                "title": TEXT,
            },
        ),
        "openpyxl.cell.cell.Cell.value": own("builtins.str"),
        "xlsxwriter.Workbook": Entry(returns="xlsxwriter.Workbook", sinks=(_NAMED,)),
        **of(
            "xlsxwriter.Workbook",
            {
                "add_worksheet": gives("xlsxwriter.worksheet.Worksheet"),
                "add_format": NOTHING,
                "close": Entry(work="document"),
            },
        ),
        **of(
            "xlsxwriter.worksheet.Worksheet",
            {
                **each("write write_formula", sinks(Sink("csv", 2), Sink("csv", 1))),
                **each("write_column write_row", sinks(Sink("csv", 2), Sink("csv", 1))),
                **each("set_column set_row write_boolean write_datetime write_number write_string", NOTHING),
            },
        ),
        "xlwt.Workbook": gives("xlwt.Workbook"),
        **of(
            "xlwt.Workbook",
            {"add_sheet": gives("xlwt.Worksheet"), "save": replace(sinks(_NAMED), work="document")},
        ),
        "xlwt.Worksheet.write": NOTHING,
        "tablib.Dataset": passes(returns="tablib.Dataset"),
        **of("tablib.Dataset", {"append": Entry(stores=(0,)), "export": passes(-1)}),
        "PIL.Image.open": Entry(returns=_IMAGE, sinks=(_NAMED,)),
        **of("PIL.Image", each("frombytes fromarray new", gives(_IMAGE))),
        **of(
            _IMAGE,
            {
                "save": Entry(sinks=(_NAMED,), work="image"),
                **each("convert copy crop transpose", ITSELF),
                **each("resize rotate", replace(ITSELF, work="image")),
            },
        ),
        **of(_IMAGE, each("close load verify getexif info size", NOTHING)),
        f"{_IMAGE}.thumbnail": Entry(work="image"),
        **of(_IMAGE, {"format": TEXT, "mode": TEXT, "width": NUMBER, "height": NUMBER}),
        "PIL.ImageMath.eval": sink("code", (0, "expression")),
        "PIL.ImageMath.unsafe_eval": sink("code", (0, "expression")),
        "PIL.ImageFont.truetype": Entry(sinks=(_NAMED,)),
        "PIL.ImageOps.exif_transpose": gives(_IMAGE),
        **of("PIL.ImageOps", each("contain fit pad", Entry(returns=_IMAGE, work="image"))),
        "sorl.thumbnail.get_thumbnail": Entry(work="image"),
        "easy_thumbnails.files.get_thumbnailer": gives("easy_thumbnails.files.Thumbnailer"),
        "easy_thumbnails.files.Thumbnailer.get_thumbnail": Entry(work="image"),
        **each("magic.from_buffer", TEXT),
        "magic.from_file": Entry(returns="builtins.str", sinks=(Sink("path", (0, "filename")),)),
        "magic.Magic": gives("magic.Magic"),
        **of(
            "magic.Magic",
            {"from_buffer": TEXT, "from_file": Entry(returns="builtins.str", sinks=(Sink("path", 0),))},
        ),
        **each("imghdr.what filetype.guess puremagic.from_string", NOTHING),
    },
    bases={"pandas.Series": (FRAME,)},
    aliases={
        "openpyxl.Workbook.": f"{_BOOK}.",
        "openpyxl.reader.excel.load_workbook": "openpyxl.load_workbook",
        "openpyxl.workbook.workbook.Workbook": "openpyxl.Workbook",
        "pandas.core.frame.": "pandas.",
        "xlsxwriter.workbook.": "xlsxwriter.",
    },
)
