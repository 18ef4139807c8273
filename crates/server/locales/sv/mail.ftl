### Den inbyggda postlådan: mappar, meddelandelistor, ett meddelande.

mail-title = E-post
mail-folders = Mappar
mail-messages = Meddelanden
mail-message = Meddelande
mail-other-folders = Andra mappar
mail-inbox = Inkorg
mail-drafts = Utkast
mail-sent = Skickat
mail-archive = Arkiv
mail-junk = Skräppost
mail-trash = Papperskorg
mail-unread = olästa
mail-change-folder = Byt mapp
mail-older = Äldre meddelanden
mail-newest = Nyaste meddelandena
mail-back = Tillbaka till listan
mail-no-subject = Ingen ämnesrad
mail-no-sender = Okänd avsändare
mail-no-date = Inget datum
mail-you = dig
mail-line-to = till { $names }
mail-line-to-nobody = till ingen namngiven
mail-line-cc = kopia till { $names }
mail-and = { $names } och { $last }
mail-and-others = { $names } och { $count ->
    [one] en till
   *[other] { $count } till
}
mail-show-people = Visa alla
mail-files = Bilagor
mail-frame = Meddelandets text
mail-images-blocked = { $count ->
    [one] En bild från annat håll visas inte. Avsändaren skulle se att du öppnade meddelandet.
   *[other] { $count } bilder från annat håll visas inte. Avsändaren skulle se att du öppnade meddelandet.
}
mail-show-images = Visa bilder
mail-empty-text = Meddelandet har ingen text.
mail-notes = Det som inte gick att förstå
mail-empty-folder = Inga meddelanden här
mail-empty-folder-text = Det som kommer till den här mappen visas här, det nyaste först.
mail-no-mailbox = Ingen postlåda än
mail-no-mailbox-text = Din e-post visas här så snart någon som driver servern lägger till din postlåda:
mail-choose-message = Välj ett meddelande
mail-choose-message-text = Det öppnas här, med det som CRM vet om det bredvid.
mail-trouble = Postlådan går inte att läsa just nu
mail-gone = Meddelandet finns inte kvar
mail-try-now = Försök nu
mail-mark-hidden = en post som är borttagen eller som du inte får se
mail-mark-failed = Misslyckades, sparad, nytt försök { $when }
