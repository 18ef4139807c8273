### The built-in web mailbox: folders, message lists, one message.

mail-title = Mail
mail-folders = Folders
mail-messages = Messages
mail-message = Message
mail-other-folders = Other folders
mail-inbox = Inbox
mail-drafts = Drafts
mail-sent = Sent
mail-archive = Archive
mail-junk = Junk
mail-trash = Trash
mail-unread = unread
mail-change-folder = Change folder
mail-older = Older messages
mail-newest = Newest messages
mail-back = Back to the list
mail-no-subject = No subject
mail-no-sender = Unknown sender
mail-no-date = No date
mail-you = you
mail-line-to = to { $names }
mail-line-to-nobody = to nobody named
mail-line-cc = copy to { $names }
mail-and = { $names } and { $last }
mail-and-others = { $names } and { $count ->
    [one] one more
   *[other] { $count } more
}
mail-show-people = Show everybody
mail-files = Attachments
mail-frame = Text of the message
mail-images-blocked = { $count ->
    [one] One image from elsewhere is not shown. Its sender would see that you opened the message.
   *[other] { $count } images from elsewhere are not shown. Their sender would see that you opened the message.
}
mail-show-images = Show images
mail-empty-text = The message has no text.
mail-notes = What could not be understood
mail-empty-folder = No messages here
mail-empty-folder-text = What arrives in this folder will be shown here, newest first.
mail-no-mailbox = No mailbox yet
mail-no-mailbox-text = Your mail will be here as soon as somebody who runs this server adds your mailbox:
mail-choose-message = Choose a message
mail-choose-message-text = It opens here, with what the CRM knows about it beside it.
mail-trouble = The mailbox cannot be read right now
mail-gone = The message is no longer there
mail-try-now = Try now
mail-mark-hidden = a record that is deleted or that you may not see
mail-mark-failed = Failed, kept safe, tried again { $when }
