### Besökarens egna inställningar.

sign-out = Logga ut
settings-looks = Hur det talar och ser ut
settings-language = Språk
settings-theme = Tema
theme-device = Som enheten har det
theme-light = Ljust
theme-dark = Mörkt
theme-to-dark = Mörkt tema
theme-to-light = Ljust tema
sessions-title = Var du är inloggad
sessions-end-all = Logga ut överallt
sessions-end-all-hint = Även på den här enheten.
session-unknown = Okänd enhet
session-since = Inloggad: { $time }
session-seen = Senast: { $time }
session-remembered = ihågkommen
session-this = Den här enheten
session-end = Avsluta
