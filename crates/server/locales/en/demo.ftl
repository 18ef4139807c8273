### The demo's hints.

demo-hint = Hint
demo-no-mailbox = In this demo only Åsa Lindström has a mailbox. What she tracked stands on the accounts that you may read.
demo-dismiss = Got it
demo-reply = Let the customer reply
demo-replied = { $name } has replied. The answer is in the inbox.
demo-nobody-replies = Nobody has anything to answer yet. Track a message first.
