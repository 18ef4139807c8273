### The door, and what is read and stored.

sign-in = Sign in
sign-in-email = Your e-mail address
sign-in-password = Password
sign-in-wrong = Address and password do not fit together. Check both and try again.
sign-in-remember = Remember this device
sign-in-remember-hint = Signs in silently for 90 days. Otherwise you are signed out after 12 hours, or when you close the browser.

privacy-before = Before you track a message
privacy-before-says = Only these headers are read, to see whether the message answers something that is tracked already. They are not stored. The text and the attachments are fetched only when you open the message yourself, and are forgotten when you close it.
privacy-size = size
privacy-after = When you track a message
privacy-after-says = A copy of the whole message is stored: text, attachments, and the original as it came. It stays as it was; nobody can edit it. Quoted text goes along.
privacy-readers = Who can read the copy
privacy-readers-says = You, those whose role reaches your records, and colleagues who may read the record that the message is regarding. Nobody else finds it, not even in the search.
privacy-untouched = What is never touched
privacy-untouched-says = Nothing in your mailbox is marked as read, moved or deleted. Only the keyword Tracked is set on a tracked message, and removed when you untrack it.
privacy-undo = When you untrack a message
privacy-undo-says = The copy is hidden at once and destroyed ten seconds later, if it is yours and nobody else tracks it. If others track it, only your link goes. Backups, replicas and PostgreSQL's own write-ahead log are out of reach: whoever runs them decides how long they keep it.
