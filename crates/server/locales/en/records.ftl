### Records: lists, pages, forms, notes, search, home, the stored e-mail.

yes = Yes
no = No
you = You

## Lists

list-filter = Name, e-mail or town
list-filter-do = Filter
list-show-all = Show all
list-empty = No { $types } yet
list-empty-hint = Here you see those that you may read.
list-no-hits = Nothing fits “{ $words }”
list-no-hits-hint = Each word must begin a word of the record. Try fewer letters.
list-shown = { $count ->
    [one] One on this page
   *[other] { $count } on this page
}
list-first = First page
list-next = Next page

## A record

record-nameless = Without a name
record-hidden = A record that is deleted or that you may not see
record-parts = Parts of the record
record-timeline = Timeline
record-details = Details
record-owner = Owner
record-actions = Actions on the record
record-edit = Edit
record-delete = Delete…

## Timeline

timeline-title = Everything said and done
timeline-empty = Nothing has been said yet
timeline-empty-hint = Mail that is tracked regarding this record appears here, for everybody who may read it.
timeline-newest-first = Newest first
timeline-older = Show older
timeline-ahead = Ahead
timeline-from = From { $name }
timeline-to = To { $name }
timeline-attachments = { $count ->
    [one] 1 attachment
   *[other] { $count } attachments
}
timeline-pending = being fetched
timeline-regarding = regarding
timeline-owner = tracked by { $name }
timeline-note-by = Note by { $name }

## Notes

note = Note
note-add = Add a note
note-title = Title
note-text = What happened?
note-save = Save the note

## Forms

form-new = New { $type }
form-needed = needed
form-no-choice = No choice
form-lookup = Type a name
form-which = Several fit. Which one do you mean?
form-problems = Some fields need another look. What you wrote is still here.
form-save = Save
form-cancel = Cancel

## Search

search-hits = { $count ->
    [one] One hit for “{ $words }”
   *[other] { $count } hits for “{ $words }”
}
search-more-than = More than { $count } hits for “{ $words }”
search-hint-readable = Only what you may read is shown. å, ä and ö are letters of their own.
search-nothing = Nothing found
search-nothing-hint = Each word must begin a word of the record. Try fewer letters.
search-show-all = Show all

## Home

home-morning = Good morning, { $name }
home-day = Hello, { $name }
home-evening = Good evening, { $name }
home-recent = Lately tracked
home-nothing = Nothing tracked yet
home-nothing-hint = Open a message and click Track. It then stands here, and on the customer’s timeline for your colleagues.
home-mailbox = Your mailbox
home-mailbox-text = Everything in it is yours alone until you track it.
home-to-mail = Open your mail
home-no-mailbox = What colleagues tracked
home-no-mailbox-text = You have no mailbox here. The mail that your colleagues tracked stands on the accounts that you may read.
home-nothing-without-mailbox = What you track from a mailbox will stand here.
home-to-accounts = Look at the accounts

## The stored e-mail

email-no-subject = No subject
email-from = From
email-to = To
email-cc = Copy
email-bcc = Blind copy
email-not-in-crm = (not in the CRM)
email-body = The message
email-show-images = Show images from the sender
email-body-pending = The message is being fetched from the mailbox. It appears here as soon as it is there.
email-body-empty = The message has no text.
regarding-none = It is not linked to any record.
regarding-set = Set Regarding…
regarding-change = Change…
regarding-search = What is it about?
regarding-remove = Remove the link
tracking-title = Why it is here
tracking-why = Why
tracking-when = When
tracking-by = Tracked by
tracking-untrack = Untrack
why-you-asked = You clicked Track.
why-asked = { $name } clicked Track.
why-reply = It answers a tracked message:
why-known-sender = The sender is known:
why-everything = All mail of this mailbox is tracked.
untrack-deletes = Untracking deletes this copy with its attachments. The message in your mailbox stays.
untrack-passes-on = Untracking removes your link. The copy stays and then belongs to { $name }.
untrack-unlinks = Untracking removes only your link. The copy stays with its owner.
original-title = The original
original-text = The message exactly as it came, to open in a mail program.
original-download = Download
