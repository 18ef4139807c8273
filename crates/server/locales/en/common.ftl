### What every page says.

skip = Skip to content
all-records = All records
search = Search
search-all = Search all records
search-hint = Search people, accounts, deals, cases, mail
settings = Settings
your-account = { $name }, your settings
rail = Main
rail-home = Home
rail-mail = Mail
rail-accounts = Accounts
rail-contacts = Contacts
rail-opportunities = Deals
rail-cases = Cases
rail-leads = Leads
rail-more = More
other-language = Svenska
other-language-code = sv
privacy-link = What is read and stored

## Marks

mark-none = Not tracked
mark-pending = Pending
mark-tracked = Tracked
mark-regarding = Tracked regarding
mark-failed = Failed

## When something went wrong

error-home = To the start page
error-number = The administrator finds more in the log under the number
error-not-found = There is nothing here
error-not-found-text = There is no such page or record, or it is not yours to see.
error-too-large = That is too much at once
error-too-large-text = The text is longer than this form takes. Shorten it and send it again.
error-unreadable = That makes no sense to us
error-unreadable-text = The address or the form is incomplete. Go back, load the page again and try once more.
error-broken = Something broke
error-broken-text = It is our fault, not yours. It has been written down; try again in a while.
error-sign-in = You are signed out
error-sign-in-text = Sign in again in another tab, then try once more. What you wrote is still here.
error-forged = This page is too old
error-forged-text = Load it again and repeat what you did.
error-mailbox = The mailbox does not answer
error-changed = Somebody was faster
error-changed-text = Somebody else changed this at the same moment. Look at it again, then make your change.
error-too-many = Too many wrong passwords for this address. Wait { $seconds } seconds and try again.
error-another-message = A colleague tracked another message with the same identity. This one cannot be tracked.
error-copy-pending = A colleague tracked this message, and the copy is still being fetched. Try again in a minute.
error-refused = That is not possible
error-depends = This would be deleted with it: { $what }.
error-held-back = It cannot be deleted while others hang on it: { $what }.
error-not-allowed = Your role does not allow this. An administrator can change that.
error-may-not-track = Your role does not allow you to track mail. An administrator can change that.
error-may-not-append = You may not link anything to this { $type }.
error-takes-no-activities = Mail cannot be regarding a record of the type { $type }.

## What is wrong with a mailbox

trouble-unreachable = The mail server { $host } does not answer. We keep trying.
trouble-certificate = The certificate of { $host } is not trusted.
trouble-no-tls = The mail server { $host } offers no encryption.
trouble-login-refused = The mail server did not accept the user name and password of your mailbox.
trouble-no-folder = There is no folder “{ $folder }” in the mailbox any more.
trouble-not-allowed = You may not do this in the folder “{ $folder }”.
trouble-no-keywords = The mail server keeps no keywords in the folder “{ $folder }”.
trouble-gone = The message is no longer in the mailbox. It may have been moved or deleted.
trouble-too-large = The message is too large ({ $size }).
trouble-timeout = The mailbox took too long to answer. Try again in a while.
trouble-disk = The mailbox could not be read from disk.
trouble-protocol = The mail server answered in a way that was not understood.
trouble-bad-setting = The settings of the mailbox do not work.

## Why a value was not taken

problem-missing = This is needed.
problem-too-long = This takes at most { $max } characters.
problem-too-short = This takes at least { $min } characters.
problem-no-address = This is no e-mail address. Write it as name@company.example.
problem-too-large = This number is too large.
problem-no-number = This is no number. Write digits, such as 1500 or 99.50.
problem-no-date = This is no date. Write year, month and day, such as 2026-11-23.
problem-no-record = This leads to no record that you may see. Choose one from the list.
problem-no-choice = Choose one of the list.
problem-taken = This is taken already.
problem-least = This is at least { $least }.
problem-most = This is at most { $most }.
problem-wrong-kind = This does not belong here.
problem-unknown = There is no { $column } here.
problem-fixed = This cannot be changed.
