### The demo's hints.

demo-hint = Hint
demo-dismiss = Got it
demo-reply = Let the customer reply
demo-replied = { $name } has replied. The answer is in the inbox.
demo-nobody-replies = Nobody has anything to answer yet. Track a message first.
