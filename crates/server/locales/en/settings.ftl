### The visitor's own settings.

sign-out = Sign out
settings-looks = How it speaks and looks
settings-language = Language
settings-theme = Theme
theme-device = As the device has it
theme-light = Light
theme-dark = Dark
theme-to-dark = Dark theme
theme-to-light = Light theme
sessions-title = Where you are signed in
sessions-end-all = Sign out everywhere
sessions-end-all-hint = On this device, too.
session-unknown = Unknown device
session-since = Signed in: { $time }
session-seen = Last seen: { $time }
session-remembered = remembered
session-this = This device
session-end = End
