### Dörren, och vad som läses och lagras.

sign-in = Logga in
sign-in-email = Din e-postadress
sign-in-password = Lösenord
sign-in-wrong = Adressen och lösenordet hör inte ihop. Kontrollera båda och försök igen.
sign-in-remember = Kom ihåg den här enheten
sign-in-remember-hint = Loggar in utan fråga i 90 dagar. Annars loggas du ut efter 12 timmar, eller när du stänger webbläsaren.

privacy-before = Innan du spårar ett meddelande
privacy-before-says = Bara de här rubrikfälten läses, för att se om meddelandet är svar på något som redan spåras. De lagras inte. Texten och bilagorna hämtas först när du själv öppnar meddelandet, och glöms när du stänger det.
privacy-size = storlek
privacy-after = När du spårar ett meddelande
privacy-after-says = En kopia av hela meddelandet sparas: texten, bilagorna och originalet som det kom. Den förblir som den var; ingen kan ändra i den. Citerad text följer med.
privacy-readers = Vem som kan läsa kopian
privacy-readers-says = Du, de vars roll når dina poster, och kollegor som får läsa posten som meddelandet gäller. Ingen annan hittar den, inte ens i sökningen.
privacy-untouched = Vad som aldrig rörs
privacy-untouched-says = Ingenting i din postlåda markeras som läst, flyttas eller raderas. Bara nyckelordet Tracked sätts på ett spårat meddelande, och tas bort när du slutar spåra det.
privacy-undo = När du slutar spåra ett meddelande
privacy-undo-says = Kopian göms genast och förstörs tio sekunder senare, om den är din och ingen annan spårar den. Om andra spårar den försvinner bara din koppling. Säkerhetskopior, repliker och PostgreSQLs egen skrivlogg ligger utom räckhåll: den som driver dem avgör hur länge de sparas.
