### Poster: listor, sidor, formulär, anteckningar, sökning, hem, den sparade e-posten.

yes = Ja
no = Nej
you = Du

## Listor

list-filter = Namn, e-post eller ort
list-filter-do = Filtrera
list-show-all = Visa alla
list-empty = Inga { $types } än
list-empty-hint = Här ser du dem som du får läsa.
list-no-hits = Ingenting passar ”{ $words }”
list-no-hits-hint = Varje ord måste inleda ett ord i posten. Prova med färre bokstäver.
list-shown = { $count ->
    [one] En på den här sidan
   *[other] { $count } på den här sidan
}
list-first = Första sidan
list-next = Nästa sida

## En post

record-nameless = Utan namn
record-hidden = En post som är borttagen eller som du inte får se
record-parts = Postens delar
record-timeline = Tidslinje
record-details = Uppgifter
record-owner = Ägare
record-actions = Åtgärder för posten
record-edit = Redigera
record-delete = Ta bort…

## Tidslinje

timeline-title = Allt som sagts och gjorts
timeline-empty = Inget har sagts än
timeline-empty-hint = E-post som spåras och gäller den här posten visas här, för alla som får läsa den.
timeline-newest-first = Nyast först
timeline-older = Visa äldre
timeline-ahead = Framåt
timeline-from = Från { $name }
timeline-to = Till { $name }
timeline-attachments = { $count ->
    [one] 1 bilaga
   *[other] { $count } bilagor
}
timeline-pending = hämtas
timeline-regarding = gäller
timeline-owner = spårat av { $name }
timeline-note-by = Anteckning av { $name }

## Anteckningar

note = Anteckning
note-add = Lägg till en anteckning
note-title = Rubrik
note-text = Vad hände?
note-save = Spara anteckningen

## Formulär

form-new = Skapa { $type }
form-needed = behövs
form-no-choice = Inget val
form-lookup = Skriv ett namn
form-which = Flera passar. Vilken menar du?
form-problems = Några fält behöver ses över. Det du skrev finns kvar.
form-save = Spara
form-cancel = Avbryt

## Sökning

search-hits = { $count ->
    [one] En träff på ”{ $words }”
   *[other] { $count } träffar på ”{ $words }”
}
search-more-than = Fler än { $count } träffar på ”{ $words }”
search-hint-readable = Bara det du får läsa visas. å, ä och ö är egna bokstäver.
search-nothing = Inget hittades
search-nothing-hint = Varje ord måste inleda ett ord i posten. Prova med färre bokstäver.
search-show-all = Visa alla

## Hem

home-morning = God morgon, { $name }
home-day = Hej, { $name }
home-evening = God kväll, { $name }
home-recent = Senast spårat
home-nothing = Inget spårat än
home-nothing-hint = Öppna ett meddelande och klicka på Spåra. Då står det här, och på kundens tidslinje för dina kollegor.
home-mailbox = Din postlåda
home-mailbox-text = Allt i den är ditt eget tills du spårar det.
home-to-mail = Öppna din e-post
home-no-mailbox = Vad kollegorna spårat
home-no-mailbox-text = Du har ingen postlåda här. E-posten som dina kollegor spårat finns på de konton som du får läsa.
home-nothing-without-mailbox = Det du spårar från en postlåda kommer att stå här.
home-to-accounts = Till kontona

## Den sparade e-posten

email-no-subject = Ingen ämnesrad
email-from = Från
email-to = Till
email-cc = Kopia
email-bcc = Dold kopia
email-not-in-crm = (finns inte i CRM)
email-body = Meddelandet
email-show-images = Visa avsändarens bilder
email-body-pending = Meddelandet hämtas från postlådan. Det visas här så snart det är framme.
email-body-empty = Meddelandet har ingen text.
regarding-none = Det är inte kopplat till någon post.
regarding-set = Ange vad det gäller…
regarding-change = Ändra…
regarding-search = Vad handlar det om?
regarding-remove = Ta bort kopplingen
tracking-title = Varför det finns här
tracking-why = Varför
tracking-when = När
tracking-by = Spårat av
tracking-untrack = Sluta spåra
why-you-asked = Du klickade på Spåra.
why-asked = { $name } klickade på Spåra.
why-reply = Det är ett svar på ett spårat meddelande:
why-known-sender = Avsändaren är känd:
why-everything = All e-post i postlådan spåras.
untrack-deletes = Om du slutar spåra tas kopian bort med sina bilagor. Meddelandet i din postlåda finns kvar.
untrack-passes-on = Om du slutar spåra tas din koppling bort. Kopian finns kvar och tillhör sedan { $name }.
untrack-unlinks = Om du slutar spåra tas bara din koppling bort. Kopian finns kvar hos sin ägare.
original-title = Originalet
original-text = Meddelandet precis som det kom, att öppna i ett e-postprogram.
original-download = Ladda ner
