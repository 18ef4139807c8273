### Lists as people arrange them, views, many records at once, the recycle bin, history.

list-columns = Columns
list-columns-do = Show these
list-columns-usual = The usual ones
list-add-filter = Add filter
list-remove = Remove the filter: { $filter }
list-value = Value
list-or = or
list-views = Views
list-views-all = For everybody
list-views-own = Personal
list-view-asks = and what else this view asks for
list-nothing-fits = Nothing fits these filters
list-nothing-fits-hint = Take one away, or show all.
list-in-all = { $count ->
    [one] one in all
   *[other] { $count } in all
}
list-more-than = more than { $count } in all
list-tick-page = Tick all on this page
list-tick = Tick { $name }
list-keep = Save view…
list-keep-do = Save as a new view
list-keep-changes = Save the changes to “{ $view }”
list-view-name = What shall the view be called?
list-view-delete = Delete “{ $view }”
list-for-me = For me
list-for-everybody = For everybody
list-bulk = With many rows
list-bulk-which = Which rows
list-bulk-ticked = Ticked rows
list-bulk-all = All { $count } that match
list-bulk-edit = Change…
list-bulk-delete = Delete…

## Conditions

op-contains = contains
op-not-contain = does not contain
op-begins-with = begins with
op-ends-with = ends with
op-eq = is
op-ne = is not
op-ge = is at least
op-le = is at most
op-gt = is more than
op-lt = is less than
op-in = is
op-not-in = is not
op-contain-values = has
op-not-contain-values = has not
op-null = is empty
op-not-null = is filled in
op-on = on
op-on-or-after = on or after
op-on-or-before = on or before
op-today = today
op-this-week = this week
op-this-month = this month
op-this-year = this year
op-last-x-days = in the last { $count } days
op-next-x-days = in the next { $count } days
op-eq-userid = is me
op-ne-userid = is not me
op-eq-useroruserteams = is me or a team of mine

## Many records at once

bulk-change = Change { $what }
bulk-change-text = All { $what } get this value. Whatever stood there before remains in their history.
bulk-empty = Empty the field
bulk-empty-or-not = Say what shall stand there, or tick below that the field shall be empty.
bulk-which-column = What shall be changed?
bulk-next = Continue
bulk-delete = Delete { $what }
bulk-delete-text = { $what } go to the recycle bin.
bulk-too-many = More than 5,000 records match. Add a filter, so that each step stays one that can be looked over.
bulk-none-ticked = No row is ticked. Tick some, or choose all that match.
bulk-none-match = Nothing matches any more.
bulk-back = Back to the list
bulk-changed = Changed { $what }
bulk-deleted = Deleted { $what }
bulk-left-not-allowed = { $count ->
    [one] One was left alone: your role does not allow it there.
   *[other] { $count } were left alone: your role does not allow it there.
}
bulk-left-changed = { $count ->
    [one] One was left alone: somebody else changed it at the same moment.
   *[other] { $count } were left alone: somebody else changed them at the same moment.
}
bulk-left-invalid = { $count ->
    [one] One was left alone: the value does not fit there.
   *[other] { $count } were left alone: the value does not fit there.
}
bulk-left-held-back = { $count ->
    [one] One was left alone: something that stays hangs on it.
   *[other] { $count } were left alone: something that stays hangs on them.
}

## Deleting

delete-title = Delete “{ $name }”?
delete-text = The record goes to the recycle bin, from where it can be restored.
delete-along = This goes along: { $what }.
delete-alone = Nothing else goes along.
delete-do = Delete

## Recycle bin

bin = Recycle bin
bin-hint = What you may delete, and was deleted by you or by others, what went last first.
bin-type = Type
bin-all-types = All types
bin-show = Show
bin-empty = The recycle bin is empty
bin-empty-hint = What is deleted stays here until it is restored or erased for good.
bin-deleted-by = { $when }, by { $name }
bin-deleted = { $when }
bin-restore = Restore
bin-restored = “{ $name }” is back.
bin-erase = Erase for good…
bin-erase-text = Nothing brings it back: its notes’ text, its files and its old values go, too. That it was there remains.
bin-erase-do = Erase for good

## History

history = History
history-text = Who changed what, newest first.
history-empty = Nothing is known about earlier changes
history-create = created it
history-update = changed it
history-delete = deleted it
history-restore = restored it
history-erase = erased it
history-column = Field
history-was = Before
history-became = After
history-nothing = empty
history-not-kept = not kept
history-somebody = somebody
history-older = Show older

## Status and owner

state-change = Change status…
state-title = Change status
state-new = New status
state-why = What was said?
state-why-hint = It becomes a note on the timeline.
state-do = Change status
owner-change = Assign…
owner-title = Assign to somebody else
owner-text = What belongs to the record goes along, as far as you may assign it.
owner-do = Assign
record-more = More actions

## Activities

activity-new = New activity

file-take = Upload
file-remove = Remove the file
