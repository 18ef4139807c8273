### Lists out into files, files into records, records that are there already.

transfer = Export, import…
transfer-of = Export and import { $types }
export = Export
export-hint = All rows of the list as it is arranged now, not only those of one page, as far as you may read them.
export-columns-list = Those of the list
export-columns-all = All
export-format = Format
export-csv-comma = CSV with commas
export-csv-semicolon = CSV with semicolons
export-csv-tab = CSV with tabs
export-json = JSON
export-do = Download

import = Import
import-hint = A CSV file of at most 10 MB whose first line names the columns. Nothing is written before you have seen what becomes of it.
import-file = Which file?
import-no-file = Choose a file first.
import-empty = This file has no line with names of columns. Save it as CSV in your spreadsheet and choose it again.
import-too-large = This file is larger than 10 MB. Cut it into smaller ones.
import-too-wide = This file has more than 500 columns.
import-title = Import { $file }
import-rows = { $count ->
    [one] one row
   *[other] { $count } rows
}
import-places = What does each column become?
import-nameless = Column without a name
import-leave = Leave out
import-key = The record’s own key
import-key-of = { $column }, by key
import-needed = Needed for a new record, and without a column: { $columns }
import-twice = “{ $column }” is chosen for two columns. Leave one of them out.
import-nothing-chosen = No column becomes anything yet. Choose at least one.
import-twins = When a record with the same e-mail address or name is there already
import-twins-skip = Leave the row out
import-twins-update = Fill the row’s cells into that record
import-twins-make = Make one more record
import-preview = The first rows
import-do = { $count ->
    [one] Import one row
   *[other] Import { $count } rows
}
import-running = Importing
import-stopped = The import stopped before its end. It goes on where it stopped, and no row is taken twice.
import-ended = The file is imported
import-go-on = Continue
import-progress = { $rows } of { $all } rows
import-made = Imported: { $count }
import-updated = Updated: { $count }
import-skipped = Left out because they are there already: { $count }
import-failed = Failed: { $count }
import-report = Rows that failed
import-report-more = The file to download has all of them.
import-download = Download
import-line = Line
import-column = Column
import-why = Why
import-several = Several records are called that. Write the e-mail address or the key instead.
import-several-twins = Several records have this e-mail address or name. Give the key of the one that is meant.
import-no-key = This is no key of a record.

twins = There is one with this e-mail address or name already. Is it the same?
twins-save = Save anyway
