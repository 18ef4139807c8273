### Det som varje sida säger.

skip = Hoppa till innehållet
all-records = Alla poster
search = Sök
search-all = Sök bland alla poster
search-hint = Sök personer, konton, affärer, ärenden, e-post
settings = Inställningar
your-account = { $name }, dina inställningar
rail = Huvudmeny
rail-home = Hem
rail-mail = E-post
rail-accounts = Konton
rail-contacts = Kontakter
rail-opportunities = Affärer
rail-cases = Ärenden
rail-leads = Leads
rail-more = Mer
other-language = English
other-language-code = en
privacy-link = Vad som läses och lagras

## Märken

mark-none = Inte spårad
mark-pending = Väntar
mark-tracked = Spårad
mark-regarding = Spårad, gäller
mark-failed = Misslyckades

## När något gick fel

error-home = Till startsidan
error-number = Administratören hittar mer i loggen under numret
error-not-found = Här finns ingenting
error-not-found-text = Sidan eller posten finns inte, eller så får du inte se den.
error-too-large = Det är för mycket på en gång
error-too-large-text = Texten är längre än vad formuläret tar emot. Korta den och skicka igen.
error-unreadable = Det går inte att förstå
error-unreadable-text = Adressen eller formuläret är inte fullständigt. Gå tillbaka, läs in sidan igen och försök en gång till.
error-broken = Något gick sönder
error-broken-text = Felet är vårt, inte ditt. Det är antecknat; försök igen om en stund.
error-sign-in = Du är utloggad
error-sign-in-text = Logga in igen i en annan flik och försök sedan en gång till. Det du skrev finns kvar.
error-forged = Sidan är för gammal
error-forged-text = Läs in den igen och upprepa det du gjorde.
error-mailbox = Postlådan svarar inte
error-changed = Någon hann före
error-changed-text = Någon annan ändrade detta i samma stund. Titta på det igen och gör sedan din ändring.
error-too-many = För många fel lösenord för den här adressen. Vänta { $seconds } sekunder och försök igen.
error-another-message = En kollega har spårat ett annat meddelande med samma identitet. Det här kan inte spåras.
error-copy-pending = En kollega har spårat det här meddelandet, och kopian hämtas fortfarande. Försök igen om en minut.
error-refused = Det går inte
error-depends = Det här skulle tas bort samtidigt: { $what }.
error-held-back = Den går inte att ta bort så länge annat hänger på den: { $what }.
error-not-allowed = Din roll tillåter inte det här. En administratör kan ändra på det.
error-may-not-track = Din roll tillåter inte att du spårar e-post. En administratör kan ändra på det.
error-may-not-append = Du får inte koppla något till posten ({ $type }).
error-takes-no-activities = E-post kan inte gälla en post av typen { $type }.

## Vad som är fel med en postlåda

trouble-unreachable = E-postservern { $host } svarar inte. Vi fortsätter att försöka.
trouble-certificate = Certifikatet för { $host } är inte betrott.
trouble-no-tls = E-postservern { $host } erbjuder ingen kryptering.
trouble-login-refused = E-postservern godtog inte användarnamnet och lösenordet för din postlåda.
trouble-no-folder = Mappen ”{ $folder }” finns inte längre i postlådan.
trouble-not-allowed = Du får inte göra detta i mappen ”{ $folder }”.
trouble-no-keywords = E-postservern sparar inga nyckelord i mappen ”{ $folder }”.
trouble-gone = Meddelandet finns inte längre i postlådan. Det kan vara flyttat eller raderat.
trouble-too-large = Meddelandet är för stort ({ $size }).
trouble-timeout = Postlådan tog för lång tid på sig att svara. Försök igen om en stund.
trouble-disk = Postlådan gick inte att läsa från disken.
trouble-protocol = E-postservern svarade på ett sätt som inte gick att förstå.
trouble-bad-setting = Postlådans inställningar fungerar inte.

## Varför ett värde inte togs emot

problem-missing = Det här behövs.
problem-too-long = Det här får ha högst { $max } tecken.
problem-too-short = Det här ska ha minst { $min } tecken.
problem-no-address = Det här är ingen e-postadress. Skriv den som namn@foretag.example.
problem-too-large = Talet är för stort.
problem-no-number = Det här är inget tal. Skriv siffror, till exempel 1500 eller 99,50.
problem-no-date = Det här är inget datum. Skriv år, månad och dag, till exempel 2026-11-23.
problem-no-record = Det här leder inte till någon post som du får se. Välj en i listan.
problem-no-choice = Välj ett av alternativen.
problem-taken = Det här är redan upptaget.
problem-least = Det här är minst { $least }.
problem-most = Det här är högst { $most }.
problem-wrong-kind = Det här hör inte hit.
problem-unknown = Här finns inget { $column }.
problem-fixed = Det här går inte att ändra.
