### Egna typer och kolumner: deras sidor, och varför något inte ändras.

definitions = Typer och kolumner
definitions-hint = Vilka poster som finns, och vad var och en innehåller. En ändring finns genast, för alla.
definitions-own = Egna typer
definitions-standard = Typer som följer med Regarding
definitions-none = Inga egna typer än
definitions-none-hint = Ett projekt, en maskin, en kurs: det som era brev handlar om utöver konton och kontakter.
definitions-add = Ny typ
definitions-columns = { $count ->
    [one] { $count } kolumn
   *[other] { $count } kolumner
}
definitions-file = Samma sak som fil: regarding entity apply project.toml
definitions-export = Hämta som fil

definition-own-columns = Egna kolumner
definition-standard-columns = Kolumner som följer med
definition-every-columns = Kolumner som varje post har
definition-no-columns = Inga egna kolumner än
definition-no-columns-hint = Lägg till det ni vill veta om varje post därutöver.
definition-add-column = Ny kolumn
definition-takes-activities = E-post kan gälla den
definition-takes-connections = Tar kopplingar
definition-is-shown = Visas i listor och sökning
definition-change = Ändra typen
definition-records = Poster
definition-set = I webb-API:et: { $name }

definition-name = Namn i filer och skript
definition-name-hint = Små bokstäver a–z, siffror och _, till exempel project. Det ändras aldrig.
definition-column-hint = Små bokstäver a–z, siffror och _, till exempel budget. Det ändras aldrig.
definition-column-prefix-hint = Börjar med ett eget prefix, till exempel new_budget. Det ändras aldrig.
definition-label-en = På engelska
definition-label-sv = På svenska
definition-one-en = En av dem, på engelska
definition-one-sv = En av dem, på svenska
definition-plural-en = Flera, på engelska
definition-plural-sv = Flera, på svenska
definition-ownership = Vem posterna tillhör
definition-ownership-user = Var och en har en ägare, och rollerna säger vem som ser vems
definition-ownership-organization = Organisationen: administratörer och läsare ser alla, andra roller så som en fil ger dem rätt
definition-activities = E-post och andra aktiviteter kan gälla den
definition-connections = Andra poster kan kopplas till den
definition-forever = När det väl är på förblir det på.
definition-browsable = Visa den bland typerna och i sökningen
definition-icon = Symbol
definition-primary-hint = Den börjar med en kolumn, Namn. Fler läggs till sedan.

definition-kind = Vad den innehåller
definition-max = Längsta text, i tecken
definition-targets = Leder till
definition-options = Val
definition-options-hint = Ett per rad: nummer, engelska, svenska. Till exempel: 1, Small, Liten
definition-required = Måste fyllas i
definition-search = Snabbsökningen tittar här
definition-list = Visas i listor
definition-stays-hint = Den kan ta fler tecken, aldrig färre.
definition-targets-stay-hint = Den kan leda till fler typer, aldrig färre.
definition-options-stay-hint = Val kan byta namn och läggas till; inget försvinner.
definition-option-set = Valen i listan { $name }
definition-key = Nyckel: { $columns }

kind-text = Text, en rad
kind-memo = Text, flera rader
kind-email = E-postadress
kind-phone = Telefonnummer
kind-url = Webbadress
kind-integer = Heltal
kind-money = Pengar
kind-decimal = Tal med decimaler
kind-float = Flyttal
kind-boolean = Ja eller nej
kind-date = Datum
kind-datetime = Datum och tid
kind-choice = Ett av flera val
kind-choices = Några av flera val
kind-lookup = En annan post
kind-key = Programmets egen nyckel
kind-file = Fil

definition-drop-type = Ta bort typen
definition-drop-column = Ta bort kolumnen
definition-drop-title = Ta bort { $name }?
definition-drop-unused = Ingen post använder den. Den går inte att få tillbaka.
definition-drop-used = { $count ->
    [one] { $count } post förlorar vad den har där, för alltid.
   *[other] { $count } poster förlorar vad de har där, för alltid.
}
definition-drop-records = { $count ->
    [one] { $count } post försvinner med den, för alltid, även ur papperskorgen. E-post som gäller den finns kvar och gäller sedan ingenting.
   *[other] { $count } poster försvinner med den, för alltid, även ur papperskorgen. E-post som gäller dem finns kvar och gäller sedan ingenting.
}
definition-drop-count = Skriv { $count } för att säga att du vet det
definition-drop-wrong = Det är inte antalet. { $count } poster använder den nu.
definition-drop = Ta bort för alltid

definition-in-use = { $count ->
    [one] { $count } post använder den: den tas bort när antalet anges.
   *[other] { $count } poster använder den: den tas bort när antalet anges.
}
definition-unusable = Det här går inte att använda: { $name }.
definition-no-name = ”{ $name }” är inget namn: det tar 1 till 48 små bokstäver a–z, siffror eller _, och börjar med en bokstav.
definition-reserved = Programmet behöver självt namnet ”{ $name }”. Välj ett annat, till exempel new_{ $name }.
definition-standard = ”{ $name }” följde med Regarding och förblir som det är.
definition-taken = Det finns redan ”{ $name }”.
definition-no-prefix = En kolumn för den här typen börjar med ett eget prefix: new_{ $name } i stället för { $name }.
definition-set-taken = En annan typ heter ”{ $name }” i webb-API:et.
definition-way-taken = Typen { $name } har redan ”{ $other }”: kalla relationen något annat.
definition-not-there = Det finns ingen ”{ $name }”.
definition-stays = { $other } hos ”{ $name }” förblir som det är: poster bygger på det.
definition-what-kind = Vad som finns
definition-what-ownership = Ägandet
definition-what-primary = Namnkolumnen
definition-what-set = Namnet i webb-API:et
definition-what-surname = Ordningen
definition-what-activities = Aktiviteterna
definition-what-connections = Kopplingarna
definition-what-ends = De två ändarna
definition-shorter = ”{ $name }” tar { $number } tecken, och poster kan ha så många. Den kan bara ta fler.
definition-option-gone = ”{ $name }” behåller sitt val { $other }, som poster kan ha. Det kan bara byta namn.
definition-target-gone = ”{ $name }” fortsätter att leda till { $other }, dit poster kan peka.
definition-needed = ”{ $name }” behövs av { $other }: ta bort det först.
definition-no-label = ”{ $name }” behöver ett namn som går att läsa, på högst 100 tecken, på båda språken.
definition-too-long = ”{ $name }” tar mellan 1 och { $number } tecken.
definition-two-options = ”{ $name }” har valet { $other } två gånger.
definition-not-for-customers = ”{ $name }” ber om något som bara Regardings egna typer har.
definition-no-key-column = ”{ $name }” kan inte ingå i nyckeln ”{ $other }”: en nyckel tar korta texter, tal, datum, val och uppslag.
definition-too-many = ”{ $name }” har för många av dem: högst { $number }.
definition-not-unique = Poster delar värdena i nyckeln ”{ $name }”: gör dem olika först.
